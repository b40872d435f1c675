/**
 * @file Two rounds on the trl trainer: the second starts from the adapter that the first one's gate accepted, trained on or merged, and replays the first
 * feature under that feature's own graders.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { readSafetensors } from '../../src/engine/checkpoint/safetensors.ts'
import { chain, grpo, sft } from '../../src/index.ts'
import { findTrainerPython } from '../python/trainer-python.ts'
import { ArmFiles, outcomesOf, planOf, runTold, type ToldRun } from './trl-fixture.ts'
import { digitEval, digitSuite, shareOf } from './trl-tiny-suite.ts'

const python = await findTrainerPython()
const scratch = mkdtempSync(join(tmpdir(), 'holdfast-trl-lineage-'))
const RANK = 4

beforeAll(() => void vi.stubEnv('HOLDFAST_CACHE', join(scratch, 'cache')))
afterAll(() => {
  vi.unstubAllEnvs()
  rmSync(scratch, { recursive: true, force: true })
})

const replay = { share: 0.4 }
const METHOD = chain(
  sft({ steps: 16, batchSize: 8, learningRate: 0.02, warmUpSteps: 2, replay }),
  grpo({ steps: 3, promptsPerStep: 8, samplesPerPrompt: 4, learningRate: 0.002, replay }),
)

const run = (start: 'continue' | 'merge'): Promise<ToldRun> =>
  runTold({
    suite: digitSuite(
      // What was trained is graded on the other engine once, and served by the runner once.
      { python: python as string, start, evaluation: start === 'continue' ? 'embedded' : 'runner' },
      {
        features: [digitEval('first', '1'), digitEval('second', '8')],
        arms: [{ name: 'chain', role: 'candidate', method: METHOD }],
        checkpoints: 1,
      },
    ),
    ...{ suiteFile: join(scratch, 'lineage.suite.ts'), directory: scratch, runName: start },
  })

describe.skipIf(python === null).each(['continue', 'merge'] as const)('runSuite() with trl({ start: "%s" })', (start) => {
  let result: ToldRun
  let first: ArmFiles
  let second: ArmFiles

  beforeAll(async () => {
    result = await run(start)
    first = new ArmFiles(result.directory, '01-first', 'chain')
    second = new ArmFiles(result.directory, '02-second', 'chain')
  })

  it('trains the second round from the adapter that the first one was accepted with', () => {
    expect(outcomesOf(result)['chain']?.[0]).toBe('ACCEPTED')
    const { parentAdapter, start: asked } = second.spec
    expect([parentAdapter, asked]).toEqual([join(first.directory, 'checkpoints', '19'), start])
    // The parent, measured as the second round's step 0, is what the first round ended with.
    const [parent] = second.candidate.checkpoints
    expect(parent).toMatchObject({ step: 0, hash: first.candidate.hash })
  })

  it('leaves adapters that the untouched base can be served with, of the ranks that the start gives', () => {
    const rankOf = (arm: ArmFiles): number => {
      const { tensors } = readSafetensors(join(arm.directory, 'checkpoints', '19', 'adapter_model.safetensors'))
      const ranks = [...tensors.values()].flatMap(({ name, shape }) => (name.includes('lora_A') ? [shape[0] as number] : []))
      expect(new Set(ranks).size).toBe(1)
      return ranks[0] as number
    }
    expect([rankOf(first), rankOf(second)]).toEqual([RANK, start === 'continue' ? RANK : 2 * RANK])
  })

  it('keeps the first feature while the second is learned, and rewards replayed cases by the first feature’s graders', () => {
    const { evals } = second.verdict
    expect(evals.find(({ name }) => name === 'first')).toMatchObject({ role: 'old', verdict: 'HELD' })
    expect(evals.find(({ name }) => name === 'second')?.difference).toBeGreaterThan(0)

    const hashes = Object.fromEntries(planOf(result.directory).evals.map(({ name, graderHash }) => [name, graderHash]))
    const replayed = second.rewards.filter(({ eval: name }) => name === 'first')
    const own = second.rewards.filter(({ eval: name }) => name === '')
    expect([replayed.length > 0, own.length > 0, replayed.length + own.length]).toEqual([true, true, 3 * 32])
    expect(new Set(replayed.map(({ graderHash }) => graderHash))).toEqual(new Set([hashes['first']]))
    expect(new Set(own.map(({ graderHash }) => graderHash))).toEqual(new Set([hashes['second']]))
    for (const { caseId, text, reward } of second.rollouts)
      expect(reward).toBeCloseTo(shareOf(caseId.startsWith('first') ? '1' : '8', text), 12)
    expect(first.rewards.filter(({ eval: name }) => name !== '')).toEqual([])
  })
})
