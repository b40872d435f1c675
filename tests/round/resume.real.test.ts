import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { seededRandom } from '../../src/base/seeded-random.ts'
import { writeTinyModel } from './tiny-model.ts'

const PROGRAM = new URL('./run-tiny-suite.ts', import.meta.url).pathname
const KILLS = 4
const RUN = 'run-under-test'

let directory = ''
let model = ''

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'holdfast-resume-'))
  model = writeTinyModel(join(directory, 'model'))
})

afterAll(() => rmSync(directory, { recursive: true, force: true }))

/** Runs the program; with `killAfterMs` it is killed without warning when it has not ended by then. */
function runProgram(
  reports: string,
  mode: 'new' | 'resume',
  killAfterMs?: number,
): Promise<{ killed: boolean; output: string; ms: number }> {
  const started = performance.now()
  const child = spawn(process.execPath, ['--import', 'tsx', PROGRAM, model, reports, RUN, mode], { stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  child.stdout.on('data', (data: Buffer) => (output += data.toString()))
  child.stderr.on('data', (data: Buffer) => (output += data.toString()))
  const timer = killAfterMs === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), killAfterMs)
  return new Promise((resolve) => {
    child.on('close', (_code, signal) => {
      clearTimeout(timer)
      resolve({ killed: signal === 'SIGKILL', output, ms: performance.now() - started })
    })
  })
}

/** Every file of a run but times and locks, by path. */
function contents(reports: string): Record<string, string> {
  const root = join(reports, RUN)
  const files: Record<string, string> = {}
  const visit = (folder: string): void => {
    for (const name of readdirSync(folder).toSorted()) {
      const path = join(folder, name)
      if (statSync(path).isDirectory()) visit(path)
      else if (!/telemetry|lock|\.tmp/.test(name)) files[relative(root, path)] = readFileSync(path, 'latin1')
    }
  }
  visit(root)
  return files
}

describe('runSuite()', () => {
  it('ends with the same bytes after being killed at random instants as a run that was never disturbed', { timeout: 480_000 }, async () => {
    // Both in the same folder, one after the other: specs name it, and the header holds their hashes.
    const disturbed = join(directory, 'reports')
    const undisturbed = await runProgram(disturbed, 'new')
    expect(undisturbed.output).toMatch(/exit [0-3]\n$/)
    const expected = contents(disturbed)
    rmSync(disturbed, { recursive: true })
    const random = seededRandom(Date.now())
    let kills = 0
    // A run that ends before its instant comes (the machine grew less busy) counts for nothing: it is begun anew, with instants twice as early.
    for (let [attempt, share] = [0, 1]; attempt < KILLS; attempt++) {
      const instant = undisturbed.ms * share * (0.3 + 0.6 * random.next())
      const run = await runProgram(disturbed, existsSync(join(disturbed, RUN)) ? 'resume' : 'new', instant)
      kills += run.killed ? 1 : 0
      if (!existsSync(join(disturbed, RUN, 'run.json'))) continue
      if (kills > 0) break
      rmSync(disturbed, { recursive: true })
      share /= 2
    }
    expect(kills).toBeGreaterThan(0)
    if (!existsSync(join(disturbed, RUN, 'run.json'))) {
      const last = await runProgram(disturbed, 'resume')
      expect(last.output).toMatch(/exit [0-3]\n$/)
    }
    const actual = contents(disturbed)
    expect(Object.keys(actual)).toEqual(Object.keys(expected))
    const different = Object.keys(expected).filter((path) => expected[path] !== actual[path])
    expect(different).toEqual([])
  })
})
