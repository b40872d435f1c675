/**
 * @file Runs on the trl trainer with what goes wrong in life: graders that throw, lie and hang, a reward that is hacked, settings that cannot be met.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { isHoldfastError } from '../../src/base/errors.ts'
import type { EvalDefinition } from '../../src/eval/eval.ts'
import { grader } from '../../src/grader/custom-grader.ts'
import { hackingRecordSchema, watchRecordSchema } from '../../src/ledger/watch-record.ts'
import { renderReport } from '../../src/report/render-report.ts'
import type { RunSuiteOptions } from '../../src/round/run-suite.ts'
import type { ArmOptions, SuiteDefinition } from '../../src/suite/suite.ts'
import type { TrlOptions } from '../../src/trainer/trl/driver.ts'
import { findTrainerPython } from '../python/trainer-python.ts'
import { tinyEval } from '../round/tiny-suite.ts'
import { ArmFiles, lossesOf, outcomesOf, runnersAtWork, runTold, type ToldRun } from './trl-fixture.ts'
import { digitEval, digitSuite, shareOf, watchedRows } from './trl-tiny-suite.ts'

const found = await findTrainerPython()
const python = found ?? ''
const scratch = mkdtempSync(join(tmpdir(), 'holdfast-trl-broken-'))

beforeEach(() => void vi.stubEnv('HOLDFAST_CACHE', join(scratch, 'cache')))
afterEach(() => void vi.unstubAllEnvs())
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

const run = (runName: string, suite: SuiteDefinition, changes: Partial<RunSuiteOptions> = {}): Promise<ToldRun> =>
  runTold({ suite, suiteFile: join(scratch, 'broken.suite.ts'), directory: join(scratch, 'reports'), runName, ...changes })

const grpo = (name: string, settings: { steps: number; samplesPerPrompt?: number; warmUpSteps?: number }): ArmOptions => ({
  ...{ name, role: 'candidate' },
  method: { name: 'grpo', promptsPerStep: 4, samplesPerPrompt: 4, learningRate: 0.01, ...settings },
})

/** Grades training completions of every second case as graders must not: by throwing, or with 2 or NaN. The very first one never comes. */
function unreliable(): ReturnType<typeof grader> {
  let isFirst = true
  return grader('unreliable', ({ completion, case: row }) => {
    const number = Number(row.id.split('-').at(-1))
    if (row.role !== 'train') return shareOf('1', completion.text)
    if (isFirst) {
      isFirst = false
      return new Promise<number>(() => undefined)
    }
    if (number % 4 === 0) throw new Error(`cannot grade ${row.id}`)
    if (number % 4 === 1) return number % 8 === 1 ? 2 : Number.NaN
    return shareOf('1', completion.text)
  })
}

describe.skipIf(found === null)('runSuite() with trl() and graders that fail', () => {
  it('records null and why, never 0, and goes on while few fail; loses only the arm in which too many do', async () => {
    const suite = digitSuite(
      { python, devices: ['cpu', 'cpu'] },
      {
        // A look at the graders before the run would be their first call.
        hacking: 'unguarded',
        features: [digitEval('first', '1', { graders: [unreliable()] })],
        arms: [
          grpo('few', { steps: 3 }),
          grpo('many', { steps: 12 }),
          { name: 'sft', role: 'candidate', method: { name: 'sft', steps: 2, batchSize: 4, learningRate: 1e-5 } },
        ],
      },
    )
    const result = await run('unreliable', suite)
    const outcomes = outcomesOf(result)
    expect(outcomes['many']).toEqual(['LOST'])
    expect([outcomes['few'], outcomes['sft']].flat()).not.toContain('LOST')
    // Nothing was accepted, and an arm was lost.
    expect(Object.values(outcomes).flat()).not.toContain('ACCEPTED')
    expect(result.exitCode).toBe(3)

    const few = new ArmFiles(result.directory, '01-first', 'few')
    const many = new ArmFiles(result.directory, '01-first', 'many')
    const records = [...few.rewards, ...many.rewards]
    const errors = records.filter(({ error }) => error !== null)
    expect(errors.filter(({ reward }) => reward !== null)).toEqual([])
    expect(records.filter(({ reward, error }) => reward === null && error === null)).toEqual([])
    const codes = new Set(errors.map(({ error }) => error?.split(':')[0]))
    expect(codes).toEqual(new Set(['GRADER_THREW', 'GRADER_BAD_GRADE', 'GRADER_TIMED_OUT']))
    expect(errors.filter(({ error }) => error?.startsWith('GRADER_TIMED_OUT'))).toHaveLength(1)
    expect(errors.find(({ error }) => error?.startsWith('GRADER_THREW'))?.error).toContain('cannot grade first-train-')

    // What the trainer learned from says the same as what the graders said.
    const key = (caseId: string, step: number): string => `${caseId} ${step}`
    const nulls = (list: readonly { caseId: string; step: number; reward: number | null }[]): string[] =>
      list.flatMap(({ caseId, step, reward }) => (reward === null ? [key(caseId, step)] : [])).toSorted()
    expect(few.rollouts).toHaveLength(3 * 16)
    expect(nulls(few.rollouts)).toEqual(nulls(few.rewards))
    expect(nulls(few.rollouts).length).toBeGreaterThan(8)
    for (const { reward, used } of few.rollouts) expect(reward === null && used).toBe(false)

    const lost = many.events.at(-1)
    expect(lost).toMatchObject({ type: 'lost', code: 'REWARD_ERRORS' })
    const told = lossesOf(result)
    expect(told).toHaveLength(1)
    expect(told[0]?.replace(many.directory, '<arm>').replaceAll(/\d+ of \d+/g, '<n> of <n>')).toMatchInlineSnapshot(`
      "REWARD_ERRORS  <n> of <n> completions could not be graded
        where  round "01-first", arm "many"; <arm>/runner.log
        fix    mend the graders (rewards.jsonl says why each one failed) and start the run again: it goes on from its last checkpoint"
    `)
    const { htmlPath } = await renderReport(result.directory)
    expect(readFileSync(htmlPath, 'utf8')).toContain('REWARD_ERRORS')
  })
})

describe.skipIf(found === null)('runSuite() with trl() and a reward that can be hacked', () => {
  /** Rewards length, as judges like to; what is wanted is a brief answer. */
  const hackable = (): EvalDefinition =>
    tinyEval('first', {
      cases: watchedRows(),
      graders: [grader('long', ({ completion }) => Math.min(1, completion.text.length / 24))],
      auditGraders: [grader('brief', ({ completion }) => (completion.text.length <= 10 ? 1 : 0))],
      passThreshold: 0.9,
    })

  it('stops the training, keeps no later checkpoint, shows what was rewarded most and grades the last good one', async () => {
    const arms = [grpo('grpo', { steps: 20, samplesPerPrompt: 8, warmUpSteps: 0 })]
    const result = await run('hacked', digitSuite({ python }, { features: [hackable()], arms, checkpoints: 5, devCases: 40 }))
    const arm = new ArmFiles(result.directory, '01-first', 'grpo')
    const hacking = hackingRecordSchema.parse(arm.json('hacking.json'))
    expect(hacking.reason).toContain('"brief", which is not rewarded, fell')
    const rewards = hacking.completions.map(({ reward }) => reward)
    expect(rewards.length).toBeGreaterThan(0)
    expect(rewards).toEqual(rewards.toSorted((a, b) => b - a))
    const seen = arm.lines('watch.jsonl').map((line) => watchRecordSchema.parse(line))
    expect(seen[0]).toMatchObject({ step: 0, stop: null })
    expect(seen.at(-1)).toMatchObject({ step: hacking.step, stop: hacking.reason })
    expect(arm.events.at(-1)).toEqual({ type: 'stopped', step: hacking.step, reason: hacking.reason })
    expect(arm.has(join('checkpoints', String(hacking.step)))).toBe(false)
    expect(result.events).toContainEqual(expect.objectContaining({ type: 'warning', code: 'REWARD_HACKING' }))
    const [outcome] = outcomesOf(result)['grpo'] ?? []
    if (hacking.lastGoodStep === 0) expect(outcome).toBe('LOST')
    else expect(arm.candidate.step).toBeLessThanOrEqual(hacking.lastGoodStep)
  })
})

describe.skipIf(found === null)('runSuite() with trl() whose processes are killed', () => {
  it('loses the arm whose trainer is gone, starts the server again, ends the others, and can be resumed', async () => {
    let killed: readonly string[] = []
    const arms = [
      grpo('grpo', { steps: 12 }),
      { name: 'sft', role: 'candidate', method: { name: 'sft', steps: 2, batchSize: 4, learningRate: 1e-5 } } as const,
    ]
    const suite = digitSuite({ python }, { arms, checkpoints: 1 })
    const directory = join(scratch, 'killed')
    const result = await run('run', suite, {
      directory,
      onEvent: (event) => {
        if (killed.length > 0 || event.type !== 'progress' || event.phase !== 'training' || event.done < 2) return
        const atWork = runnersAtWork(scratch)
        for (const { pid } of atWork) process.kill(pid, 'SIGKILL')
        killed = atWork.map(({ work }) => work)
      },
    })
    expect(killed.toSorted()).toEqual(['fork', 'serve', 'train'])
    expect(outcomesOf(result)).toEqual({ grpo: ['LOST'], sft: [expect.not.stringMatching('LOST')] })
    expect(lossesOf(result)).toEqual([expect.stringMatching(/^RUNNER_LOST {2}The trainer's process ended without saying why/)])
    expect(runnersAtWork(scratch).filter(({ work }) => work !== 'fork')).toEqual([])
    const resumed = await run('run', suite, { directory, resume: true })
    expect(outcomesOf(resumed)).toEqual({ grpo: [expect.not.stringMatching('LOST')], sft: outcomesOf(result)['sft'] })
  })
})

/** The message of a run that is refused before anything is written. */
async function refusal(trainer: TrlOptions): Promise<string> {
  const error: unknown = await run('refused', digitSuite(trainer)).catch((reason: unknown) => reason)
  expect(existsSync(join(scratch, 'reports', 'refused'))).toBe(false)
  return isHoldfastError(error) ? error.message.replaceAll(scratch, '<dir>') : expect.fail(String(error))
}

describe('runSuite() with trl() that cannot start', () => {
  it('says how to set the trainer up where there is no environment', async () => {
    vi.stubEnv('HOLDFAST_PYTHON', '')
    expect(await refusal({})).toMatchInlineSnapshot(`
      "TRAINER_NOT_SET_UP  The trainer has no Python environment, or one of another version of Holdfast, or its set-up was cut off
        where  this machine, <dir>/cache/trainer
        fix    run: npx holdfast trainer setup"
    `)
  })

  it('names a Python that does not run', async () => {
    // What follows the colon is the shell's own.
    const message = await refusal({ python: '/nowhere/bin/python' })
    expect(message.replace(/(does not run: ).*/, '$1<reason>')).toMatchInlineSnapshot(`
      "TRAINER_PYTHON_UNUSABLE  The Python that was named does not run: <reason>
        where  this machine, "/nowhere/bin/python"
        fix    name the python program of an environment (…/bin/python) in trl({ python }) or HOLDFAST_PYTHON; or leave it out and run: npx holdfast trainer setup"
    `)
  })

  it.skipIf(found === null)('refuses 4-bit weights on the CPU', async () => {
    expect(await refusal({ python, device: 'cpu', precision: '4bit' })).toMatchInlineSnapshot(`
      "TRAINER_DEVICE  The trainer cannot run as asked: 4-bit weights need cuda
        where  this machine
        fix    use precision 'f32' on the CPU"
    `)
  })
})
