/**
 * @file A whole run whose trainer and server are on a machine behind a real sshd: interrupted, gone on with, its connection cut while it grades, to its verdict.
 */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { doctorCommand } from '../../src/cli/commands/doctor.ts'
import type { Terminal } from '../../src/cli/terminal.ts'
import { grader } from '../../src/grader/custom-grader.ts'
import type { RunEvent } from '../../src/round/run-event.ts'
import { runSuite, type RunResult, type RunSuiteOptions } from '../../src/round/run-suite.ts'
import { trl } from '../../src/trainer/trl/driver.ts'
import { sshdMissing } from '../host/ssh/ssh-server.ts'
import { findTrainerPython } from '../python/trainer-python.ts'
import { tinyEval, tinySuite } from '../round/tiny-suite.ts'
import { startSshBox, until, type SshBox } from '../trainer/trl/ssh-box.ts'
import { ArmFiles, outcomesOf } from './trl-fixture.ts'

const missing = sshdMissing()
if (missing !== null) console.log(`skipped: whole runs over ssh, ${missing}`)
const python = missing === null ? await findTrainerPython() : null

describe.skipIf(python === null)('trl({ host }) over ssh', () => {
  const scratch = mkdtempSync(join(tmpdir(), 'holdfast-ssh-run-'))
  const host = 'ssh://box'
  let box: SshBox
  beforeAll(async () => {
    box = await startSshBox()
    vi.stubEnv('HOLDFAST_SSH_CONFIG', box.configFile)
  })
  afterAll(async () => {
    vi.unstubAllEnvs()
    await box.close()
    rmSync(scratch, { recursive: true, force: true })
  })

  /** Rewards words with an "e"; `onTraining` is awaited before a completion of training is graded, with how many were before it. */
  const run = (
    options: Pick<RunSuiteOptions, 'resume' | 'runName' | 'signal' | 'onEvent'>,
    onTraining: (before: number) => Promise<void>,
  ): Promise<RunResult> => {
    let asked = 0
    const letter = grader('letter', async ({ completion: { text }, case: { role } }) => {
      if (role === 'train') await onTraining(asked++)
      const words = text.split(/\s+/).filter((word) => word !== '')
      return words.length === 0 ? 0 : words.filter((word) => word.includes('e')).length / words.length
    })
    const changes = { graders: [letter], sampling: { maxNewTokens: 24 } }
    const method = { name: 'grpo', steps: 4, promptsPerStep: 4, samplesPerPrompt: 4, learningRate: 0.001 } as const
    const suite = tinySuite(fileURLToPath(new URL('../../models/nano', import.meta.url)), {
      features: [tinyEval('first', changes)],
      retention: [tinyEval('old', changes)],
      arms: [{ name: 'grpo', role: 'candidate', method }],
      trainer: trl({ host, python: python ?? '', threads: 1 }),
      // A look at the graders before the run would count as training.
      hacking: 'unguarded',
    })
    return runSuite({ suite, suiteFile: fileURLToPath(import.meta.url), directory: join(scratch, 'reports'), ...options })
  }

  it('runSuite() stops the runner there when it is interrupted, goes on, rides out a cut while it grades, and ends with a verdict', async () => {
    const interrupt = new AbortController()
    const first = run({ runName: 'tiny', signal: interrupt.signal }, async (before) => {
      if (before !== 2 * 16) return
      interrupt.abort()
      // Long enough for the runner to be told.
      await sleep(3000)
    })
    await expect(first).rejects.toMatchObject({ code: 'RUN_INTERRUPTED' })
    await until(() => box.programs().length === 0)
    const files = new ArmFiles(join(scratch, 'reports', 'tiny'), '01-first', 'grpo')
    expect(files.has('candidate.json')).toBe(false)

    let cut = false
    let after = 0
    const servers = new Set<string>()
    const onEvent = (event: RunEvent): void => {
      if (event.type !== 'progress' || event.phase !== 'grading' || event.round === null) return
      for (const line of box.programs()) if (line.includes(' serve ')) servers.add(line)
      if (cut || event.done === 0) return
      cut = true
      box.server.cut()
    }
    const result = await run({ resume: 'tiny', onEvent }, () => Promise.resolve(void after++))
    // The server ended with its connection and was started once more.
    expect(servers.size).toBe(2)
    // What was trained before the interruption was not trained again.
    expect(after).toBeLessThanOrEqual(2 * 16)
    expect(outcomesOf(result)).toEqual({ grpo: [expect.stringMatching(/^(ACCEPTED|BLOCKED|INCONCLUSIVE)$/)] })
    expect(files.events.at(-1)).toEqual({ type: 'finished', steps: 4 })
    expect(files.steps.map(({ step }) => step)).toEqual([1, 2, 3, 4])
    expect(files.rollouts).toHaveLength(4 * 16)
    expect(files.lines('grades/gate.first.jsonl')).toHaveLength(61)
    await until(() => box.programs().length === 0)
    expect(readdirSync(join(box.cache, 'trainings'))).toEqual([])
  })

  it('doctorCommand() says of a machine behind ssh what it says there, and that the trainer can run on it', async () => {
    let text = ''
    const out = { write: (part: string) => (text += part) }
    const terminal: Terminal = { out, error: out, interruptSignal: () => new AbortController().signal }
    expect(await doctorCommand({ host, python: python ?? '' }, terminal)).toBe(0)
    expect(text).toContain('The TRL trainer can run on box')
    expect(text).toContain(python)
  })
})
