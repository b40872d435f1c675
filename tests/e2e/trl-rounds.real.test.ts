/**
 * @file Real rounds of the clinic's suite on the bundled model through TRL: an SFT and a GRPO arm to their verdicts, with every record that a round
 * leaves, and the same suite on the embedded trainer judged alike.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import refill from '../../evals/refill/refill.eval.ts'
import generalJson from '../../evals/retention/general-json/general-json.eval.ts'
import { sha256 } from '../../src/base/hash.ts'
import { readTelemetry } from '../../src/ledger/telemetry-log.ts'
import { renderReport } from '../../src/report/render-report.ts'
import { defineSuite } from '../../src/suite/define-suite.ts'
import { trl } from '../../src/trainer/trl/driver.ts'
import { hashTokens } from '../../src/trainer/trl/rewards/record.ts'
import { canaryRecordSchema, runnerSpecSchema } from '../../src/trainer/trl/protocol.ts'
import clinic from '../../suites/clinic.suite.ts'
import { findTrainerPython } from '../python/trainer-python.ts'
import { ArmFiles, gradesOf, outcomesOf, planOf, runTold, type ToldRun } from './trl-fixture.ts'

const python = await findTrainerPython()
const scratch = mkdtempSync(join(tmpdir(), 'holdfast-trl-rounds-'))
const ARMS = ['sft', 'grpo'] as const
const GRPO = { name: 'grpo', steps: 8, promptsPerStep: 8, samplesPerPrompt: 8, learningRate: 1e-3 } as const

const suite = defineSuite({
  ...clinic.options,
  name: 'trl-rounds',
  features: [refill],
  retention: [generalJson],
  arms: [
    { name: 'sft', role: 'candidate', method: { name: 'sft', steps: 16, batchSize: 16, learningRate: 1e-3 } },
    { name: 'grpo', role: 'candidate', method: GRPO },
    { name: 'hot', role: 'control', method: { name: 'sft', steps: 1, batchSize: 16, learningRate: 1 } },
  ],
  ...(python === null ? {} : { trainer: trl({ python, threads: 1 }) }),
  gate: { margin: 0.15, minEffect: 0.05 },
  checkpoints: 2,
  budgets: { test: { gateCases: 100, twinCases: 100, devCases: 30 } },
})

const run = (runName: string, changes: { readonly trainer?: 'embedded'; readonly arms?: readonly string[] } = {}): Promise<ToldRun> =>
  runTold({ suite, suiteFile: fileURLToPath(import.meta.url), budget: 'test', directory: scratch, runName, ...changes })

afterAll(() => {
  vi.unstubAllEnvs()
  rmSync(scratch, { recursive: true, force: true })
})

describe.skipIf(python === null)('runSuite() with trl() on the bundled model', () => {
  let result: ToldRun
  const arm = (name: string, of: ToldRun = result): ArmFiles => new ArmFiles(of.directory, '01-refill', name)

  beforeAll(async () => {
    vi.stubEnv('HOLDFAST_CACHE', join(scratch, 'cache'))
    result = await run('trl')
  })

  it('accepts a round of SFT and one of GRPO that raise the feature, and runs no control that was not named', async () => {
    expect(outcomesOf(result)).toEqual({ sft: ['ACCEPTED'], grpo: ['ACCEPTED'] })
    expect(result.exitCode).toBe(0)
    for (const name of ARMS) {
      const target = arm(name).verdict.evals.find((one) => one.role === 'target')
      expect(target).toMatchObject({ name: 'refill', verdict: 'IMPROVED', n: 100 })
      expect(target?.difference).toBeGreaterThan(0.3)
      const twins = await gradesOf(result.directory, join('..', 'rounds', '01-refill', name, 'grades', 'twin.refill'))
      expect(twins.length).toBeGreaterThan(0)
    }
  })

  it('records what was trained: both specs, an event a step, checkpoints by the hash of their weights, each with a canary', () => {
    for (const name of ARMS) {
      const spec = arm(name).spec
      const runner = runnerSpecSchema.parse(arm(name).json('runner.json'))
      expect(runner.examples.map(({ caseId }) => caseId)).toEqual(spec.examples.map(({ caseId }) => caseId))
      const { events, steps } = arm(name)
      expect(steps.map(({ step }) => step)).toEqual(Array.from({ length: spec.method.steps }, (_, index) => index + 1))
      expect(events.at(-1)).toEqual({ type: 'finished', steps: spec.method.steps })
      const checkpoints = events.flatMap((event) => (event.type === 'checkpoint' ? [event] : []))
      expect(checkpoints.map(({ step }) => step)).toEqual(spec.checkpointSteps)
      for (const { adapter, hash } of checkpoints) {
        expect(sha256(readFileSync(join(arm(name).directory, adapter, 'adapter_model.safetensors')))).toBe(hash)
        const canary = canaryRecordSchema.parse(arm(name).json(join(adapter, 'canary.json')))
        expect(canary.logProbs).not.toEqual(canary.baseLogProbs)
        expect([canary.logProbs.length, canary.precision]).toEqual([canary.ids.length - canary.promptLength, 'f32'])
      }
    }
  })

  it('chooses among checkpoints graded on dev, with their distance from the base on new and old prompts', () => {
    for (const name of ARMS) {
      const { step, checkpoints } = arm(name).candidate
      const [parent, ...trained] = checkpoints
      expect(parent).toMatchObject({ step: 0, klNewNats: 0, klOldNats: 0 })
      expect(trained.map((one) => one.step)).toContain(step)
      for (const { devPassShare, klNewNats, klOldNats } of trained) {
        expect(devPassShare).toBeGreaterThan(parent?.devPassShare ?? 1)
        expect(klNewNats).toBeGreaterThan(0)
        expect(klOldNats).toBeGreaterThan(0)
      }
    }
  })

  it('records each reward once, with the graders that gave it, and each completion that was learned from', () => {
    const { rewards, rollouts } = arm('grpo')
    const { evals } = planOf(result.directory)
    expect(new Set(rewards.map(({ graderHash }) => graderHash))).toEqual(new Set([evals[0]?.graderHash]))
    const described = (of: { step: number; caseId: string; reward: number | null }, tokens: string): string =>
      `${of.step} ${of.caseId} ${tokens} ${of.reward}`
    expect(rollouts.map((one) => described(one, hashTokens(one.tokenIds))).toSorted()).toEqual(
      rewards.map((one) => described(one, one.tokensHash)).toSorted(),
    )
    expect(new Set(rewards.map(({ step, index }) => `${step} ${index}`)).size).toBe(GRPO.steps * 64)
    expect(arm('sft').has('rewards.jsonl')).toBe(false)
  })

  it('says in plan, telemetry and report what trained and what answered', async () => {
    const plan = planOf(result.directory)
    expect(plan.trainer).toMatchObject({ name: 'trl', host: 'local', precision: 'f32', evaluation: 'runner' })
    expect(plan.trainer?.packages).toMatchObject({ trl: '1.16.0', torch: expect.stringMatching(/^2\./) as string })
    const telemetry = await readTelemetry(join(result.directory, 'telemetry.jsonl'))
    const trained = telemetry.filter(({ phase }) => phase === 'training')
    expect(trained.map((one) => one.arm)).toEqual([...ARMS])
    expect(trained.map(({ tokens }) => tokens)).toEqual(
      ARMS.map((name) => arm(name).steps.reduce((sum, one) => sum + one.trainedTokens, 0)),
    )
    const { htmlPath } = await renderReport(result.directory)
    expect(readFileSync(htmlPath, 'utf8')).toMatch(/trl 1\.16\.0/)
  })

  it('gives the base the very grades that the embedded trainer gives it, and both trainers the same verdicts', async () => {
    const peer = await run('embedded', { trainer: 'embedded', arms: ARMS })
    expect(outcomesOf(peer)).toEqual(outcomesOf(result))
    for (const name of ['refill', 'general-json']) {
      const [ours, theirs] = await Promise.all([result, peer].map(({ directory }) => gradesOf(directory, `base/gate.${name}`)))
      const told = (list: typeof ours): unknown => list?.map(({ caseId, completion, pass }) => ({ caseId, completion, pass }))
      expect(told(ours)).toEqual(told(theirs))
    }
    for (const name of ARMS) {
      const verdictsOf = (of: ToldRun): unknown => arm(name, of).verdict.evals.map((one) => [one.name, one.verdict, one.before])
      expect(verdictsOf(result)).toEqual(verdictsOf(peer))
    }
  })
})
