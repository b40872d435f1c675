/**
 * @file The built command line from outside, as a user starts it: a whole small run, an interrupt, a resume, a report, a gate. `npm test` builds first.
 */
import { spawn } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
const suite = 'tests/e2e/tiny/tiny.suite.ts'
const reports = mkdtempSync(join(tmpdir(), 'holdfast-e2e-'))
afterAll(() => rmSync(reports, { recursive: true, force: true }))

interface Ended {
  readonly code: number | null
  readonly out: string
  readonly error: string
}

/** Starts a program and collects what it writes; `onOut` sees all output so far, each time more comes. */
function start(program: string, args: readonly string[], onOut: (out: string, interrupt: () => void) => void = () => {}): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [program, ...args], { cwd: root, env: { ...process.env, CI: 'true' } })
    let [out, error] = ['', '']
    child.stdout.on('data', (part: Buffer) => {
      out += part.toString()
      onOut(out, () => child.kill('SIGINT'))
    })
    child.stderr.on('data', (part: Buffer) => (error += part.toString()))
    child.on('close', (code) => resolve({ code, out, error }))
  })
}

const holdfast = (...args: readonly string[]): Promise<Ended> => start('bin/holdfast.js', args)
const runOf = (out: string): string => /^run (\S+) writes to/m.exec(out)?.[1] ?? 'none'

it('holdfast run ends with verdicts, plain lines and a report that holdfast report renders again to the same bytes', async () => {
  const { code, out, error } = await holdfast('run', suite, '--report-only', '--reports', reports)
  expect([code, error]).toEqual([0, ''])
  expect(out.replaceAll('\n', '')).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/)
  expect(out).toMatch(/^round {6}sft +grpo +frozen \(control\)\n01-colour {2}[A-Z]+ +[A-Z]+ +[A-Z]+$/m)
  const html = join(reports, runOf(out), 'report.html')
  expect(out.trimEnd().split('\n').at(-1)).toBe(`report   ${html}`)

  const before = readFileSync(html)
  rmSync(html)
  const again = await holdfast('report', runOf(out), '--reports', reports)
  expect([again.code, again.error]).toEqual([0, ''])
  expect(readFileSync(html).equals(before)).toBe(true)
})

it('holdfast run stops at an interrupt, says how to go on, and goes on', async () => {
  let sent = false
  const stopped = await start('bin/holdfast.js', ['run', suite, '--reports', reports], (out, interrupt) => {
    if (!sent && out.includes('arm grpo')) interrupt()
    sent ||= out.includes('arm grpo')
  })
  const run = runOf(stopped.out)
  expect([stopped.code, existsSync(join(reports, run, 'run.json'))]).toEqual([130, false])
  expect(stopped.error).toContain('CLI_INTERRUPTED  Stopped as asked; nothing that was written is lost\n')
  expect(stopped.error).toContain(`go on with: npx holdfast run ${suite} --reports ${reports} --resume ${run}`)

  const resumed = await holdfast('run', suite, '--resume', run, '--reports', reports)
  expect([resumed.code, runOf(resumed.out), existsSync(join(reports, run, 'run.json'))]).toEqual([2, run, true])
})

it('holdfast gate never blocks a model against itself', async () => {
  const { code, out } = await holdfast('gate', suite, '--parent', 'models/nano', '--candidate', 'models/nano', '--reports', reports)
  expect(code).not.toBe(1)
  expect(code).not.toBe(3)
  expect(out).toMatch(/^(ACCEPTED|INCONCLUSIVE): /m)
})

it('holdfast says how to build it when it is not built', async () => {
  const copy = join(reports, 'bin')
  mkdirSync(copy)
  copyFileSync(join(root, 'bin/holdfast.js'), join(copy, 'holdfast.mjs'))
  const { code, out, error } = await start(join(copy, 'holdfast.mjs'), ['--help'])
  expect([code, out]).toEqual([3, ''])
  expect(error.replace(reports, '<folder>')).toMatchInlineSnapshot(`
    "NOT_BUILT  Holdfast is not built yet
      where  <folder>/dist/cli/guard.js
      fix    run "npm run build" in the folder of Holdfast, then try again
    "
  `)
})
