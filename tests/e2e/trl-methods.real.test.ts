/**
 * @file Methods that only the trl trainer has, as arms of one suite: preferences of people, chains, leave-one-out with a filter. A mistake in
 * one arm's options is told before anything is graded. Graded on the embedded engine.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { chain, dpo, grpo, kto, rloo, sft, type ArmMethod, type SuiteDefinition } from '../../src/index.ts'
import { findTrainerPython } from '../python/trainer-python.ts'
import { ArmFiles, gradesOf, outcomesOf, planOf, runTold, type ToldRun } from './trl-fixture.ts'
import { casesWithPeople, digitEval, digitSuite } from './trl-tiny-suite.ts'

const python = await findTrainerPython()
const scratch = mkdtempSync(join(tmpdir(), 'holdfast-trl-methods-'))

beforeAll(() => void vi.stubEnv('HOLDFAST_CACHE', join(scratch, 'cache')))
afterAll(() => {
  vi.unstubAllEnvs()
  rmSync(scratch, { recursive: true, force: true })
})

const shared = { steps: 3, learningRate: 0.002 }
const online = { promptsPerStep: 4, samplesPerPrompt: 4 }
const METHODS: Readonly<Record<string, ArmMethod>> = {
  dpo: dpo({ ...shared, batchSize: 4 }),
  kto: kto({ ...shared, batchSize: 4 }),
  chain: chain(sft({ ...shared, batchSize: 4 }), grpo({ ...shared, ...online })),
  rloo: rloo({ ...shared, ...online, instanceFilter: { samples: 4, keep: 'solvable' } }),
}
const TRAINED = ['dpo', 'kto', 'chain', 'rloo'] as const

describe.skipIf(python === null)('runSuite() with trl() and its methods', () => {
  let result: ToldRun
  const arm = (name: string): ArmFiles => new ArmFiles(result.directory, '01-first', name)

  const suiteOf = (methods: Readonly<Record<string, ArmMethod>>): SuiteDefinition => {
    const { cases } = digitEval('first', '1').options
    const people = casesWithPeople(Array.isArray(cases) ? cases : expect.fail('cases are a list'))
    return digitSuite(
      { python: python as string, evaluation: 'embedded', devices: ['cpu', 'cpu'] },
      {
        features: [digitEval('first', '1', { cases: people, passThreshold: 0.3 })],
        arms: Object.entries(methods).map(([name, method]) => ({ name, role: 'candidate' as const, method })),
        checkpoints: 1,
      },
    )
  }

  beforeAll(async () => {
    const suite = suiteOf(METHODS)
    result = await runTold({ suite, suiteFile: join(scratch, 'methods.suite.ts'), directory: scratch, runName: 'methods' })
  })

  it.each(TRAINED)('trains %s to its last checkpoint and a verdict', (name) => {
    const steps = name === 'chain' ? 6 : 3
    expect(arm(name).events.at(-1)).toEqual({ type: 'finished', steps })
    expect(arm(name).steps.map(({ step }) => step)).toEqual(Array.from({ length: steps }, (_, index) => index + 1))
    expect(existsSync(join(arm(name).directory, 'checkpoints', String(steps), 'adapter_model.safetensors'))).toBe(true)
    expect(outcomesOf(result)[name]).toEqual([arm(name).verdict.verdict])
  })

  it('learns dpo from the cases with both answers and kto from those with a thumb too', () => {
    const casesOf = (name: string): number[] => arm(name).steps.flatMap(({ caseIds }) => caseIds.map((id) => Number(id.split('-').at(-1))))
    expect(Math.max(...casesOf('dpo'))).toBeLessThan(12)
    expect(Math.max(...casesOf('kto'))).toBeGreaterThanOrEqual(12)
    for (const name of ['dpo', 'kto']) {
      expect(arm(name).steps.every(({ meanReward }) => meanReward === null)).toBe(true)
      expect(arm(name).has('rewards.jsonl')).toBe(false)
    }
  })

  it('runs the stages of a chain one after another on one adapter', () => {
    expect(arm('chain').steps.map(({ meanReward }) => meanReward === null)).toEqual([true, true, true, false, false, false])
    expect(new Set(arm('chain').rollouts.map(({ step }) => step))).toEqual(new Set([4, 5, 6]))
  })

  it('leaves out of rloo what the filter dropped, and says what that was', () => {
    const [filtered] = arm('rloo').events.filter((event) => event.type === 'filtered')
    // The prompts that three steps of four would take, each once.
    expect((filtered?.kept ?? 0) + (filtered?.dropped.length ?? 0)).toBe(12)
    expect(filtered?.dropped.length).toBeGreaterThan(0)
    const used = new Set(arm('rloo').steps.flatMap(({ caseIds }) => caseIds))
    expect(filtered?.dropped.filter((id) => used.has(id))).toEqual([])
  })

  it('refuses an arm with a TRL option that there is none of before anything is graded, with the round and the arm', async () => {
    const odd = sft({ ...shared, batchSize: 4, trl: { neftune_alpha: 5 } })
    const suite = suiteOf({ dpo: METHODS['dpo'] as ArmMethod, odd })
    const running = runTold({ suite, suiteFile: join(scratch, 'odd.suite.ts'), directory: scratch, runName: 'odd' })
    await expect(running).rejects.toThrow(
      /^TRL_OPTION_UNKNOWN {2}SFTConfig has no option 'neftune_alpha'\n {2}where {2}round "01-first", arm "odd"\n/,
    )
    expect(existsSync(join(scratch, 'odd'))).toBe(false)
  })

  it('grades on the embedded engine where the suite says so', async () => {
    const { trainer } = planOf(result.directory)
    expect(trainer).toMatchObject({ name: 'trl', evaluation: 'embedded' })
    expect(existsSync(join(scratch, 'cache', 'servers'))).toBe(false)
    expect(await gradesOf(result.directory, 'base/gate.first')).toHaveLength(60)
  })
})
