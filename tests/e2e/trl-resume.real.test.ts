/**
 * @file A run on the trl trainer that is disturbed in every way ends as one that was not: interrupted, killed, resumed, on two places instead of one.
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, describe, expect, it } from 'vitest'
import { findTrainerPython } from '../python/trainer-python.ts'
import { ArmFiles, recordsOf, runnersAtWork } from './trl-fixture.ts'
import type { SlowRun } from './trl-slow-run.ts'

const python = await findTrainerPython()
const scratch = mkdtempSync(join(tmpdir(), 'holdfast-trl-resume-'))
const calm = join(scratch, 'calm')
const disturbed = join(scratch, 'disturbed')
const RUN = 'run-under-test'
const grpo = new ArmFiles(join(disturbed, RUN), '01-first', 'grpo')

afterAll(() => rmSync(scratch, { recursive: true, force: true }))

const atWorkNow = (): string[] => runnersAtWork(scratch).map(({ work, directory }) => `${work} ${directory}`)

interface Ended {
  readonly output: string
  readonly signal: string | null
  /** Python processes at the instant of the kill. */
  readonly atWork: readonly string[]
}

/** Runs the slow suite in a process of its own, which is killed without warning once the grpo arm has taken `killAt` steps. */
function runSlow(settings: Omit<SlowRun, 'python' | 'runName'>, killAt = Infinity): Promise<Ended> {
  const program = new URL('./trl-slow-run.ts', import.meta.url).pathname
  const argument = JSON.stringify({ ...settings, python: python as string, runName: RUN } satisfies SlowRun)
  const child = spawn(process.execPath, ['--import', 'tsx', program, argument], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, HOLDFAST_CACHE: join(scratch, 'cache') },
  })
  let output = ''
  let atWork: readonly string[] = []
  child.stdout.on('data', (data: Buffer) => {
    output += data.toString()
    const steps = [...output.matchAll(/^grpo (\d+)$/gm)].map(([, done]) => Number(done))
    if (child.killed || Math.max(0, ...steps) < killAt) return
    atWork = atWorkNow()
    child.kill('SIGKILL')
  })
  return new Promise((resolve) => child.on('close', (_, signal) => resolve({ output, signal, atWork })))
}

/** What is still at work when `seconds` have passed, or nothing as soon as nothing is. */
async function leftAfter(seconds: number): Promise<string[]> {
  for (let tries = seconds * 10; tries > 0 && atWorkNow().length > 0; tries--) await sleep(100)
  return atWorkNow()
}

describe.skipIf(python === null)('runSuite() with trl()', () => {
  it('ends an interrupted training with a checkpoint of what it has, says RUN_INTERRUPTED and leaves no process', async () => {
    const { output } = await runSlow({ directory: disturbed, resume: false, places: 2, interruptAt: 3 })
    expect(output).toContain('RUN_INTERRUPTED  The run was stopped')
    const last = grpo.events.at(-1)
    const step = last?.type === 'cancelled' ? last.step : expect.fail(JSON.stringify(last))
    expect(step).toBeGreaterThanOrEqual(3)
    expect(step).toBeLessThan(12)
    expect(readdirSync(join(grpo.directory, 'checkpoints'))).toContain(String(step))
    expect(await leftAfter(5)).toEqual([])
  })

  it('leaves no process of its own when it is killed in mid-training', async () => {
    const { atWork, output, signal } = await runSlow({ directory: disturbed, resume: true, places: 2 }, 8)
    expect([signal, output.includes('exit')]).toEqual(['SIGKILL', false])
    expect(atWork.some((line) => line.startsWith('train ') && line.endsWith('/grpo'))).toBe(true)
    expect(atWork.some((line) => line.startsWith('fork '))).toBe(true)
    expect(await leftAfter(5)).toEqual([])
    expect(grpo.has('candidate.json')).toBe(false)
  })

  it('ends on two places, interrupted, killed and resumed, with the bytes of an undisturbed run on one', async () => {
    const resumed = await runSlow({ directory: disturbed, resume: true, places: 2 })
    const undisturbed = await runSlow({ directory: calm, resume: false, places: 1 })
    for (const { output } of [resumed, undisturbed]) expect(output).toMatch(/^exit [012]$/m)
    const [expected, actual] = [recordsOf(calm, RUN), recordsOf(disturbed, RUN)]
    expect(Object.keys(actual)).toEqual(Object.keys(expected))
    expect(Object.keys(expected).filter((path) => expected[path] !== actual[path])).toEqual([])
    expect(Object.keys(expected)).toContain(join('rounds', '01-first', 'grpo', 'checkpoints', '12', 'adapter_model.safetensors'))
    expect(await leftAfter(5)).toEqual([])
  })
})
