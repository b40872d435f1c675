/**
 * @file Exit codes of the built command line when it cannot come to its end: 1 means "blocked" and nothing else. `npm test` builds first.
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { constants, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
const suite = 'tests/e2e/tiny/tiny.suite.ts'
const scratch = mkdtempSync(join(tmpdir(), 'holdfast-exit-codes-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

let count = 0
const freshReports = (): string => join(scratch, `reports-${count++}`)

interface Ended {
  readonly code: number | null
  readonly out: string
  readonly error: string
}

function start(command: readonly string[], env: NodeJS.ProcessEnv = {}): { child: ChildProcess; ended: Promise<Ended> } {
  const [program = '', ...args] = command
  const child = spawn(program, args, { cwd: root, env: { ...process.env, CI: 'true', ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
  let [out, error] = ['', '']
  child.stdout.on('data', (part: Buffer) => (out += part.toString()))
  child.stderr.on('data', (part: Buffer) => (error += part.toString()))
  // A signal before the first line of JavaScript ends Node itself; a shell says the same code for it.
  const codeOf = (code: number | null, signal: NodeJS.Signals | null): number | null =>
    code ?? (signal === null ? null : 128 + constants.signals[signal])
  const ended = once(child, 'close').then(([code, signal]) => ({ code: codeOf(code as number, signal as NodeJS.Signals), out, error }))
  return { child, ended }
}

const holdfast = (...args: readonly string[]): readonly string[] => [process.execPath, 'bin/holdfast.js', ...args]
const runs = (reports: string): string[] => (existsSync(reports) ? readdirSync(reports) : [])

/** An eval file with code of its own before it. */
function evalFile(name: string, code: string): string {
  const folder = join(scratch, name)
  mkdirSync(folder)
  const file = join(folder, `${name}.eval.ts`)
  writeFileSync(
    file,
    `import { defineEval, graders } from '${join(root, 'dist/index.js')}'
${code}
export default defineEval({ name: '${name}', cases: [{ id: 'a', role: 'dev', input: 'x', expected: 'y' }], prompt: '{{input}}', graders: [graders.exactMatch()] })
`,
  )
  return file
}

const evaluate = (name: string, code: string): Promise<Ended> =>
  start(holdfast('eval', evalFile(name, code), '--model', 'models/nano', '--reports', freshReports())).ended

describe('holdfast', () => {
  it('ends quietly with 141 when nobody reads its output, and the run goes on with --resume', async () => {
    const reports = freshReports()
    const { child, ended } = start(holdfast('run', suite, '--report-only', '--reports', reports))
    child.stdout?.once('data', () => child.stdout?.destroy())
    const { code, error } = await ended
    expect([code, error]).toEqual([141, ''])
    const [run = 'none'] = runs(reports)
    expect(existsSync(join(reports, run, 'lock.json'))).toBe(false)
    if (runs(reports).length === 0) return
    const resumed = await start(holdfast('run', suite, '--report-only', '--resume', run, '--reports', reports)).ended
    expect([resumed.code, resumed.error]).toEqual([0, ''])
  })

  it.each([
    ['SIGTERM', 143],
    ['SIGHUP', 129],
    ['SIGINT', 130],
  ] as const)('ends a run by %s with %i at any of its first moments, and leaves no lock', async (signal, wanted) => {
    for (const afterMs of [80, 250, 500, 900, 1500]) {
      const reports = freshReports()
      const { child, ended } = start(holdfast('run', suite, '--reports', reports))
      await sleep(afterMs)
      child.kill(signal)
      const { code } = await ended
      expect([afterMs, code]).toEqual([afterMs, wanted])
      for (const run of runs(reports)) {
        expect(readdirSync(join(reports, run))).not.toContain('lock.json')
        expect(JSON.parse(readFileSync(join(reports, run, 'plan.json'), 'utf8'))).toMatchObject({ run })
      }
    }
  })

  it('ends its work when its guard is killed', async () => {
    const { child, ended } = start(holdfast('run', suite, '--reports', freshReports()))
    await once(child.stdout as NodeJS.ReadableStream, 'data')
    child.kill('SIGKILL')
    // The pipes close only when the working process, which holds them too, is gone.
    expect((await ended).code).toBe(137)
  })

  it('ends with 3 where its working process is killed', async () => {
    const { child, ended } = start(holdfast('run', suite, '--reports', freshReports()))
    await once(child.stdout as NodeJS.ReadableStream, 'data')
    const working = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').trim().split(' ').map(Number)
    process.kill(working[0] as number, 'SIGKILL')
    const { code, error } = await ended
    expect([code, error.split('\n')[0]]).toEqual([
      3,
      'PROCESS_LOST  The process was killed, most likely because the machine ran out of memory; what was written is intact',
    ])
  })

  it('ends with 3 when there are too few file handles', async () => {
    for (const handles of [18, 24, 40]) {
      const { code, error } = await start([
        'sh',
        '-c',
        `ulimit -n ${handles}; exec "$@"`,
        'sh',
        ...holdfast('run', suite, '--reports', freshReports()),
      ]).ended
      expect([handles, code]).toEqual([handles, 3])
      expect(error).toMatch(/^[A-Z_]+ {2}.+\n {2}where {2}.+\n {2}fix {4}.+\n/m)
    }
  })

  it('ends with 3 when there is too little memory', async () => {
    const hungry = evalFile('hungry', 'const all = []\nfor (;;) all.push(new Array(1000).fill({}))')
    const heap = await start(holdfast('eval', hungry, '--model', 'models/nano'), { NODE_OPTIONS: '--max-old-space-size=60' }).ended
    expect([heap.code, heap.error.includes('PROCESS_LOST  Node gave up, most likely because its heap was full')]).toEqual([3, true])
    const command = ['sh', '-c', 'ulimit -v 2500000; exec "$@"', 'sh', ...holdfast('run', suite, '--reports', freshReports())]
    expect((await start(command).ended).code).toBe(3)
  })

  it('ends with 3 when its output cannot be written', async () => {
    const { code, error } = await start(['sh', '-c', 'exec "$@" > /dev/full', 'sh', ...holdfast('run', suite, '--reports', freshReports())])
      .ended
    expect([code, error]).toMatchInlineSnapshot(`
      [
        3,
        "CLI_OUTPUT_FAILED  The output could not be written (ENOSPC); what was written to the run is intact
        where  standard output or standard error
        fix    send the output elsewhere, or free space where it goes
      ",
      ]
    `)
  })

  it('ends with 3 when a file of the user ends the process, whatever code it gives', async () => {
    for (const exit of [0, 1, 2]) {
      const { code, error } = await evaluate(`exit-${exit}`, `process.exit(${exit})`)
      expect([code, error]).toEqual([3, expect.stringContaining(`PROCESS_LOST  Something ended the process from inside`)])
    }
  })

  it('ends with 3 and three lines when a file of the user throws where nobody listens', async () => {
    const thrown = await evaluate('thrown', `setTimeout(() => { throw new Error('late') }, 1)`)
    const rejected = await evaluate('rejected', `void Promise.reject(new Error('late'))`)
    for (const { code, error } of [thrown, rejected])
      expect([code, error]).toEqual([
        3,
        expect.stringMatching(/^UNEXPECTED {2}Holdfast failed in a way it does not know: "late"\n {2}where .+\n {2}fix .+\n$/),
      ])
  })

  it('ends with 3 when the installation is broken', async () => {
    const broken = async (name: string, missing: string): Promise<Ended> => {
      const copy = join(scratch, name)
      for (const folder of ['bin', 'dist', 'models/nano']) cpSync(join(root, folder), join(copy, folder), { recursive: true })
      cpSync(join(root, 'package.json'), join(copy, 'package.json'))
      if (missing !== 'node_modules') symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))
      rmSync(join(copy, missing), { recursive: true, force: true })
      return start([process.execPath, join(copy, 'bin/holdfast.js'), 'run', suite, '--reports', freshReports()]).ended
    }
    const parts = [
      'dist/cli/guard.js',
      'dist/cli/exit-code.js',
      'dist/cli/work.js',
      'dist/cli/main.js',
      'dist/base/errors.js',
      'dist/round/run-suite.js',
      'node_modules',
    ]
    for (const [index, missing] of parts.entries()) {
      const { code, error } = await broken(`install-${index}`, missing)
      expect([missing, code]).toEqual([missing, 3])
      expect(error).not.toBe('')
    }
  })
})
