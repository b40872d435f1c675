import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { dryRun, type DryRun } from '../../../src/round/dry-run/dry-run.ts'
import { checkSuite, type SuiteOverrides } from '../../../src/suite/check-suite.ts'
import type { Suite } from '../../../src/suite/checked-suite.ts'
import type { ArmOptions, SuiteOptions } from '../../../src/suite/suite.ts'
import { trl, trlDriver, type TrlOptions } from '../../../src/trainer/trl/driver.ts'
import { openEstimateBase } from '../../../src/estimate/estimate-base.ts'
import type { TrainerEstimate } from '../../../src/trainer/driver.ts'
import { estimateEmbedded } from '../../../src/trainer/embedded/estimate.ts'
import { trlEstimate, type FoundDevice } from '../../../src/trainer/trl/estimate/estimate.ts'
import { LLAMA_8B_CONFIG } from '../../estimate/figures.ts'
import { TINY_ARMS, tinyEval, tinySuite } from '../tiny-suite.ts'

const GIB = 2 ** 30
let folder = ''

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-dry-run-'))
  writeFileSync(join(folder, 'config.json'), JSON.stringify(LLAMA_8B_CONFIG))
})

afterAll(() => rmSync(folder, { recursive: true }))

type Estimating = (suite: Suite) => TrainerEstimate | Promise<TrainerEstimate>
const CARD_24: FoundDevice = { kind: 'cuda', precision: 'bf16', name: 'RTX 4090', memoryBytes: 24 * GIB }
const onCpu: Estimating = ({ trainer }) => (trainer.name === 'trl' ? trlEstimate(trainer, CPU) : estimateEmbedded(null))
const onCard =
  (changes: Partial<FoundDevice> = {}): Estimating =>
  ({ trainer }) =>
    trlEstimate(trainer.name === 'trl' ? trainer : {}, { ...CARD_24, ...changes })
const CPU: FoundDevice = { kind: 'cpu', precision: 'f32', name: 'cpu', memoryBytes: null }

/** A dry run of the tiny suite on an 8 B model that has no weights and no tokenizer: four characters are a token. */
async function dry(
  options: Partial<SuiteOptions> = {},
  { overrides = {}, estimate = onCpu }: { overrides?: SuiteOverrides; estimate?: Estimating } = {},
): Promise<DryRun> {
  const definition = tinySuite(folder, options)
  const suite = await checkSuite(definition, 'tiny.suite.ts', overrides)
  return dryRun(suite, { definition, base: await openEstimateBase(suite.base), estimate: await estimate(suite) })
}

const onTrl = (options: TrlOptions = {}): Partial<SuiteOptions> => ({ trainer: trl(options) })

test('dryRun() has one part for every arm of every round, in order, and needs no weights', async () => {
  const { parts, base, parameters } = await dry()
  expect(parts.map(({ round, arm, method, steps }) => [round, arm, method, steps])).toEqual([
    ['01-first', 'sft', 'sft', 6],
    ['01-first', 'raft', 'raft', 6],
    ['01-first', 'grpo', 'grpo', 6],
    ['02-second', 'sft', 'sft', 6],
    ['02-second', 'raft', 'raft', 6],
    ['02-second', 'grpo', 'grpo', 6],
  ])
  expect([base, parameters]).toEqual([folder, 8_029_995_008])
  expect(readdirSync(folder)).toEqual(['config.json'])
  expect(existsSync('reports/dry-run')).toBe(false)
})

test('dryRun() counts what is sampled and trained from the cases themselves', async () => {
  const [sft, raft, grpo] = (await dry()).parts
  // 24 train prompts "first train 0" to "first train 23": 13 or 14 characters are 4 tokens; "e e e" and its end are 3; the limit is 8.
  expect(sft?.training).toMatchObject({ completions: 0, trainedTokens: { expected: 6 * 8 * 7, most: 6 * 8 * 7 } })
  expect(raft?.training).toMatchObject({ completions: 2 * 8 * 4, trainedTokens: { expected: 6 * 8 * 7, most: 6 * 8 * 12 } })
  expect(grpo?.training).toMatchObject({ completions: 6 * 16, newTokens: { expected: 96 * 3, most: 96 * 8 } })
})

test('dryRun() grades what a run grades: base, checkpoints on dev, candidate on gate and twins', async () => {
  const { start, parts, totals } = await dry()
  // Gate 60 and dev 8 of four evals, twins 6 of two features.
  expect(start.work.completions).toBe(4 * 60 + 2 * 6 + 4 * 8)
  const candidate = 4 * 60 + 6
  // Parent and two checkpoints: 8 of the feature and of each of two retention evals.
  expect(parts[0]?.grading.completions).toBe(candidate + 3 * (8 + 2 * 8))
  // In the second round the first feature is kept too.
  expect(parts[3]?.grading.completions).toBe(candidate + 3 * (8 + 3 * 8))
  expect(totals.grading.completions).toBe(start.work.completions + parts.reduce((sum, part) => sum + part.grading.completions, 0))
})

test('dryRun() watches sampled trainings on twins of dev cases, at every checkpoint and before', async () => {
  const cases = [...Array.from({ length: 8 }, (_, i) => ({ id: `train-${i}`, role: 'train', input: `t ${i}`, expected: 'e' }) as const)]
  const rest = [
    { id: 'dev', role: 'dev', input: 'dev', expected: 'e' },
    { id: 'dev-twin', role: 'twin', twinOf: 'dev', input: 'other dev', expected: 'e' },
    { id: 'gate', role: 'gate', input: 'gate', expected: 'e' },
  ] as const
  const features = [tinyEval('first', { cases: [...cases, ...rest] })]
  const completions = async (options: Partial<SuiteOptions>): Promise<(number | undefined)[]> =>
    (await dry({ features, ...options })).parts.map((part) => part.training.completions)
  expect(await completions({})).toEqual([0, 2 * 8 * 4 + 3, 96 + 3])
  expect(await completions({ hacking: 'unguarded' })).toEqual([0, 64, 96])
})

test('dryRun() of the embedded trainer estimates no memory', async () => {
  const { parts, device, trainer } = await dry()
  expect([trainer, device.kind]).toEqual(['embedded', 'cpu'])
  expect(parts.every(({ memory, shortage }) => memory === null && shortage === null)).toBe(true)
})

test('dryRun() on trl estimates memory and refuses what does not fit, without throwing', async () => {
  const fits = await dry(onTrl(), { estimate: onCard() })
  expect(fits.parts.map(({ shortage }) => shortage)).toEqual(Array.from({ length: 6 }, () => null))
  expect(fits.parts[0]?.memory?.totalBytes).toBeGreaterThan(15 * GIB)
  const [part] = (await dry(onTrl(), { estimate: onCard({ memoryBytes: 12 * GIB }) })).parts
  expect(part?.shortage?.message).toMatch(
    /^MEMORY_TOO_SMALL .*\n {2}where {2}round "01-first", arm "sft", while updating\n {2}fix {4}write precision: '4bit' in/,
  )
  expect((await dry(onTrl(), { estimate: onCard({ memoryBytes: null }) })).parts[0]?.shortage).toBeNull()
})

test('dryRun() takes the options of trl() into the estimate', async () => {
  const bytes = async (options: TrlOptions): Promise<number> =>
    (await dry(onTrl(options), { estimate: () => trlDriver.estimate(options, 'RTX 4090') })).parts[2]?.memory?.totalBytes ?? 0
  const plain = await bytes({})
  expect(await bytes({ precision: '4bit' })).toBeLessThan(plain - 9 * GIB)
  expect(await bytes({ gradientCheckpointing: false })).toBeGreaterThan(plain)
  expect(await bytes({ vllm: true })).toBeGreaterThan(plain + 15 * GIB)
})

test('dryRun() takes the hungriest stage of a chain', async () => {
  const optimizer = { learningRate: 0.001 }
  const sft = { name: 'sft', steps: 2, batchSize: 64, optimizer } as const
  const chain: ArmOptions = {
    name: 'both',
    role: 'candidate',
    method: { name: 'chain', stages: [{ name: 'sft', steps: 2, batchSize: 1, optimizer }, sft] },
  }
  const arms: ArmOptions[] = [{ name: 'large', role: 'candidate', method: sft }, chain]
  const [large, both] = (await dry({ ...onTrl(), arms }, { estimate: onCard() })).parts
  expect(both?.memory?.totalBytes).toBe(large?.memory?.totalBytes)
  expect(both?.steps).toBe(4)
})

test('dryRun() names the arms that are left out and why', async () => {
  const control: ArmOptions = { name: 'hot', role: 'control', method: { name: 'sft', steps: 6, batchSize: 8, learningRate: 1 } }
  const arms = [...TINY_ARMS, control, { ...control, name: 'cold', optional: true }]
  expect((await dry({ arms })).leftOut).toEqual([{ arm: 'cold', reason: 'optional' }])
  expect((await dry({ arms, ...onTrl() })).leftOut).toEqual([
    { arm: 'hot', reason: 'control' },
    { arm: 'cold', reason: 'optional' },
  ])
  expect((await dry({ arms, ...onTrl({ controls: true }) })).leftOut).toEqual([{ arm: 'cold', reason: 'optional' }])
  expect((await dry({ arms }, { overrides: { arms: ['sft', 'hot'] } })).leftOut.map(({ arm, reason }) => `${arm} ${reason}`)).toEqual([
    'raft not chosen',
    'grpo not chosen',
    'cold optional',
  ])
})

test('dryRun() warns of gate sets that are too small, as a run does', async () => {
  expect((await dry()).warnings).toEqual([])
  const { warnings } = await dry({ gate: { margin: 0.02 } })
  expect(warnings).toHaveLength(7)
  expect(warnings[0]).toMatchObject({ code: 'GATE_TOO_SMALL' })
})

test('dryRun() says what its times assume', async () => {
  expect((await dry()).assumptions.at(0)).toMatch(/characters divided by 4/)
  const graded = await dry(onTrl({ evaluation: 'embedded' }), { estimate: onCard() })
  expect(graded.assumptions.slice(-2).map((line) => line.split(':', 1)[0])).toEqual(['RTX 4090', 'cpu'])
  const other = await dry(onTrl(), {
    estimate: onCard({ name: 'Some GPU', memoryBytes: null }),
  })
  expect(other.assumptions.at(-1)).toMatch(/^Some GPU is not in the table of cards and taken to be an RTX 3090/)
})
