import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { seededRandom } from '../../src/base/seeded-random.ts'
import { readGrades } from '../../src/ledger/grade-file.ts'
import { summariseEvaluation } from '../../src/round/evaluation/evaluation-summary.ts'
import { CASES, CHUNK_SIZE, gradeSlowly, REPEATS, slowEval } from './slow-grading.ts'

const directory = mkdtempSync(join(tmpdir(), 'holdfast-killed-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))

const KILLS = 20
/** Longer than the time that fast chunks wait for their flush, so that some lives write several times and some not at all. */
const LONGEST_LIFE_MS = 280
const script = fileURLToPath(new URL('./slow-grading.ts', import.meta.url))

/** Starts the grading and kills it so long after its model was first asked: "SIGKILL", or null where it ended before. */
async function liveAndDie(file: string, lifeMs: number): Promise<NodeJS.Signals | null> {
  const child = spawn(process.execPath, ['--import', 'tsx', script, file], { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>
  await Promise.race([once(child.stdout, 'data'), ended])
  await Promise.race([sleep(lifeMs), ended])
  child.kill('SIGKILL')
  return (await ended)[1]
}

/** The bytes of a ledger's complete chunks: what a resumed grading must keep. */
function completeChunks(file: string): string {
  if (!existsSync(file)) return ''
  const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1)
  const chunks = Math.floor((lines.length - 1) / (CHUNK_SIZE * REPEATS))
  return lines
    .slice(0, chunks <= 0 ? 0 : 1 + chunks * CHUNK_SIZE * REPEATS)
    .map((line) => `${line}\n`)
    .join('')
}

test('gradeCases() killed by SIGKILL at 20 random instants and resumed loses no grade, doubles none and ends with the same bytes and aggregate', async () => {
  const [whole, killed] = [join(directory, 'whole.jsonl'), join(directory, 'killed.jsonl')]
  const records = await gradeSlowly(whole, 0)
  const random = seededRandom('grading-killed')
  const sizes: number[] = []
  let kept = ''
  for (let kill = 0; kill < KILLS; kill++) {
    expect(await liveAndDie(killed, random.next() * LONGEST_LIFE_MS)).toBe('SIGKILL')
    const left = completeChunks(killed)
    expect(left.startsWith(kept)).toBe(true)
    kept = left
    sizes.push(left.length)
  }
  // The kills were spread over the grading: it had begun, grew between several of them, and had not ended.
  expect(new Set(sizes).size).toBeGreaterThan(4)
  expect(kept.length).toBeLessThan(readFileSync(whole).length)
  const resumed = await gradeSlowly(killed, 0)
  expect(readFileSync(killed, 'utf8')).toBe(readFileSync(whole, 'utf8'))
  expect(resumed).toEqual(records)
  const onDisk = await readGrades(killed)
  expect(new Set(onDisk.map(({ caseId, repeat }) => `${caseId} ${repeat}`)).size).toBe(CASES * REPEATS)
  expect(onDisk.length).toBe(CASES * REPEATS)
  const definition = slowEval()
  const summary = summariseEvaluation(onDisk, definition)
  expect(summary).toEqual(summariseEvaluation(records, definition))
  expect(summary.passShare).toBeGreaterThan(0.6)
  expect(summary.passShare).toBeLessThan(0.7)
})
