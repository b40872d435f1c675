/**
 * @file Settings that several methods share. Names and meanings are the papers' and TRL's; `describe` is what docs/methods.md prints.
 */
import { z } from 'zod'
import { optimizerSpecSchema } from './optimizer.ts'

/** The settings of a method as a zod schema; `optimizer` is nested, whatever a suite file writes. */
export type SettingsSchema = z.ZodObject<{ readonly name: z.ZodLiteral<string> } & Readonly<Record<string, z.ZodType>>>

/** Source: RIF-RFT, arXiv:2507.05386. */
export const instanceFilterSchema = z.strictObject({
  samples: z.int().min(2).max(256).default(8).describe('Completions drawn of every prompt.'),
  keep: z
    .enum(['solvable', 'mixed'])
    .default('solvable')
    .describe('`solvable` leaves out prompts that no sample solves; `mixed` also those that every sample solves.'),
})

export const replaySchema = z.strictObject({
  share: z.number().gt(0).lt(1).describe('Share of the mixed training data that is replayed, split evenly between the earlier features.'),
})

/** Every method has these. */
export const sharedSettings = {
  // A training without steps teaches nothing and would be judged as if it had.
  steps: z.int().min(1, 'a training takes at least 1 step').describe('Optimizer steps.'),
  optimizer: optimizerSpecSchema.describe('The optimizer. All its settings but `name` may stand among the method’s own instead.'),
  replay: replaySchema.optional().describe('Cases of features that the lineage accepted earlier, mixed into the round’s training data.'),
  trl: z
    .record(z.string(), z.json())
    .optional()
    .describe(
      'Options for TRL’s own config of this method, checked against it; refused where Holdfast decides. Only the trl trainer reads them.',
    ),
}

/** Of methods that draw completions. */
export const drawingSettings = {
  temperature: z.number().positive().default(1).describe('Temperature at which completions are drawn.'),
  instanceFilter: instanceFilterSchema
    .optional()
    .describe(
      'Before the training, completions of every prompt are graded and prompts that teach nothing are left out (arXiv:2507.05386).',
    ),
}

export const batchSize = z.int().min(1).describe('Examples of one step.')

/** What a KL penalty or an implicit reward is measured from. */
export const reference = z
  .enum(['parent', 'base'])
  .default('parent')
  .describe('What the method measures from: the adapter that the training (in a chain: the stage) starts from, or the untuned base.')

/** Of methods that learn from groups of completions drawn in every step. */
export const rolloutSettings = {
  ...drawingSettings,
  promptsPerStep: z.int().min(1).describe('Prompts of one step.'),
  samplesPerPrompt: z.int().min(2).describe('Completions drawn of each prompt: the group that rewards are compared within.'),
}

/** Of methods that learn preferences: what people gave in the cases, or graded samples of the parent drawn before the training. */
export const preferenceSettings = {
  ...drawingSettings,
  batchSize,
  from: z
    .enum(['people', 'samples'])
    .default('people')
    .describe('Where the data comes from: `chosen`, `rejected` and `thumb` of the cases, or graded completions drawn before the training.'),
  samplesPerPrompt: z.int().min(2).default(8).describe('Completions drawn of each prompt where data comes from samples.'),
}

/** Of the clipped policy gradient. */
export const clipLow = z.number().gt(0).lt(1).describe('Lower clip of the importance ratio: 1 - clipLow.')
export const clipHigh = z.number().gt(0).describe('Upper clip of the importance ratio: 1 + clipHigh.')
export const klWeight = z.number().min(0).describe('Weight of the KL to the reference; 0 means none and costs nothing.')
export const updatesPerBatch = z.int().min(1).describe('Optimizer steps on each batch of completions.')
