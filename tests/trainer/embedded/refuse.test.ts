import { expect, it } from 'vitest'
import { embeddedStage, refuseEmbedded } from '../../../src/trainer/embedded/refuse.ts'
import { methodSchema } from '../../../src/method/method-spec.ts'
import { trainingSpecSchema, type TrainingSpec } from '../../../src/trainer/training-spec.ts'

const optimizer = { learningRate: 0.001 }
const SFT = { name: 'sft', steps: 4, batchSize: 2, optimizer }
const RAFT = { name: 'raft', steps: 4, batchSize: 2, epochs: 1, promptsPerEpoch: 2, samplesPerPrompt: 2, optimizer }
const GRPO = { name: 'grpo', steps: 4, promptsPerStep: 2, samplesPerPrompt: 2, optimizer }
const PREFERENCES = { steps: 4, batchSize: 2, optimizer }
const ONLINE = { steps: 4, promptsPerStep: 2, samplesPerPrompt: 2, optimizer }

const refusal = (settings: object): string | null => refuseEmbedded(methodSchema.parse(settings))

function specOf(settings: object, changes: object = {}): TrainingSpec {
  return trainingSpecSchema.parse({
    ...{ schemaVersion: 1, runId: 'run', round: 'r2', arm: 'one', base: { directory: 'base', hash: '0' }, parentAdapter: null },
    ...{ lora: { rank: 4, alpha: 8, targets: ['q_proj'] }, method: settings, seeds: { initialisation: 1, order: 2, sampling: 3 } },
    ...{ examples: [], maxNewTokens: 8, passThreshold: 1, checkpointSteps: [], directory: 'out' },
    ...changes,
  })
}

it.each([
  ['sft', SFT],
  ['sft with the muon optimizer', { ...SFT, optimizer: { ...optimizer, name: 'muon' } }],
  ['raft', RAFT],
  ['grpo', GRPO],
  ['grpo with its defaults spelled out', { ...GRPO, aggregation: 'dapo', importance: 'token', updatesPerBatch: 1, maskTruncated: false }],
  [
    'grpo with unscaled rewards, a KL to the base and a clip range',
    { ...GRPO, scaleRewards: 'none', klWeight: 0.1, reference: 'base', clipHigh: 0.3 },
  ],
])('refuseEmbedded() takes %s', (_, settings) => {
  expect(refusal(settings)).toBe(null)
  expect(embeddedStage(specOf(settings))).toEqual(methodSchema.parse(settings))
})

it.each([
  ['dpo', { name: 'dpo', ...PREFERENCES }],
  ['kto', { name: 'kto', ...PREFERENCES }],
  ['simpo', { name: 'simpo', ...PREFERENCES }],
  ['rloo', { name: 'rloo', ...ONLINE }],
  ['mdloo', { name: 'mdloo', ...ONLINE }],
  ['chain', { name: 'chain', stages: [SFT, GRPO], steps: 8 }],
])('refuseEmbedded() sends %s to the trl trainer', (name, settings) => {
  expect(refusal(settings)).toBe(
    `the embedded trainer has no method "${name}": run it with --trainer trl, or choose one of sft, raft, grpo`,
  )
})

it.each([
  [{ ...GRPO, instanceFilter: {} }, 'instanceFilter: leave it out'],
  [{ ...RAFT, instanceFilter: {} }, 'instanceFilter: leave it out'],
  [{ ...GRPO, scaleRewards: 'batch' }, "scaleRewards: 'batch': use 'group' or 'none'"],
  [{ ...GRPO, aggregation: 'dr_grpo' }, "aggregation: 'dr_grpo': use 'dapo'"],
  [{ ...GRPO, importance: 'sequence' }, "importance: 'sequence': use 'token'"],
  [{ ...GRPO, updatesPerBatch: 2 }, 'updatesPerBatch: 2: use 1'],
  [{ ...GRPO, maskTruncated: true }, 'maskTruncated: leave it out'],
])('refuseEmbedded() names a setting that it does not know and what to write instead (%#)', (settings, sentence) => {
  expect(refusal(settings)).toBe(`the embedded trainer does not know ${sentence}, or run it with --trainer trl`)
})

it('embeddedStage() throws the refusal with its place', () => {
  expect(() => embeddedStage(specOf({ ...GRPO, scaleRewards: 'batch' }))).toThrowErrorMatchingInlineSnapshot(`
    [TrainerRefusedError: TRAINER_REFUSED  The training cannot be run: the embedded trainer does not know scaleRewards: 'batch': use 'group' or 'none', or run it with --trainer trl
      where  round "r2", arm "one"
      fix    change the arm as the sentence says, or name another trainer with --trainer]
  `)
})

it('embeddedStage() refuses to merge the parent', () => {
  expect(() => embeddedStage(specOf(SFT, { start: 'merge' }))).toThrowErrorMatchingInlineSnapshot(`
    [TrainerRefusedError: TRAINER_REFUSED  The training cannot be run: the embedded trainer does not know start: 'merge': use 'continue', or run it with --trainer trl
      where  round "r2", arm "one"
      fix    change the arm as the sentence says, or name another trainer with --trainer]
  `)
})
