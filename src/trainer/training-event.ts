/**
 * @file What a trainer tells while it works, as JSON with a schema version, one per line of `events.jsonl`.
 * Times and rates are not here: they go to telemetry, because events must be the same bytes in a resumed run.
 */
import { z } from 'zod'

export const trainingEventSchema = z.discriminatedUnion('type', [
  /** `parameters` counts the base model's. */
  z.strictObject({ type: z.literal('started'), schemaVersion: z.literal(1), examples: z.int(), parameters: z.int() }),
  z.strictObject({
    type: z.literal('step'),
    step: z.int(),
    loss: z.number().nullable(),
    gradientNorm: z.number(),
    learningRate: z.number(),
    /** Completion tokens trained on in this step. */
    trainedTokens: z.int(),
    /** Methods that sample: mean reward of the step's completions, and share of groups without variance. */
    meanReward: z.number().nullable(),
    zeroVarianceShare: z.number().nullable(),
    meanLength: z.number().nullable(),
    /** The case of each completion trained on, in order: with `rollouts.jsonl` it says where every sample came from. */
    caseIds: z.array(z.string()).default([]),
    /** The eval of each; '' is the round's own. Empty where all are. */
    caseEvals: z.array(z.string()).default([]),
  }),
  z.strictObject({ type: z.literal('checkpoint'), step: z.int(), adapter: z.string(), hash: z.string() }),
  /** Prompts left out by an instance filter before the first step. */
  z.strictObject({ type: z.literal('filtered'), kept: z.int(), dropped: z.array(z.string()) }),
  /** Ended by the watch at a checkpoint; why. */
  z.strictObject({ type: z.literal('stopped'), step: z.int(), reason: z.string() }),
  z.strictObject({ type: z.literal('finished'), steps: z.int() }),
  z.strictObject({ type: z.literal('cancelled'), step: z.int() }),
  z.strictObject({ type: z.literal('lost'), code: z.string(), message: z.string() }),
])

export type TrainingEvent = z.infer<typeof trainingEventSchema>

/** One sampled completion and its reward: what RFT arms learned from. One per line of `rollouts.jsonl`. */
export const rolloutSchema = z.strictObject({
  step: z.int(),
  /** '' is the round's own eval. */
  eval: z.string().default(''),
  caseId: z.string(),
  sample: z.int(),
  seed: z.number(),
  text: z.string(),
  tokenIds: z.array(z.int()),
  reward: z.number().nullable(),
  advantage: z.number().nullable(),
  /** Whether the completion took part in an update. */
  used: z.boolean(),
})

export type Rollout = z.infer<typeof rolloutSchema>
