/**
 * @file What a trainer is asked to do, as JSON with a schema version: the same file crosses to a trainer in another process or machine.
 */
import { z } from 'zod'
import { messageSchema, toolSchema } from '../eval/message-schema.ts'
import { methodSchema } from '../method/method-spec.ts'

/** What the model is asked: a conversation, and the tools that it may call. */
const asked = { messages: z.array(messageSchema), tools: z.array(toolSchema).optional() }

/** `eval` names the eval of a replayed case; empty for the round's own feature. */
const origin = { caseId: z.string(), eval: z.string().default(''), ...asked }

/** Training data of one case: a demonstration, a preference pair, a thumb label, or a prompt whose completions the suite's graders reward. */
export const trainingExampleSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('demonstration'), ...origin, completion: z.string() }),
  z.strictObject({ type: z.literal('pair'), ...origin, chosen: z.string(), rejected: z.string() }),
  z.strictObject({ type: z.literal('thumb'), ...origin, completion: z.string(), thumb: z.enum(['up', 'down']) }),
  z.strictObject({ type: z.literal('prompt'), ...origin }),
])

export type TrainingExample = z.infer<typeof trainingExampleSchema>

export const loraSpecSchema = z.strictObject({
  rank: z.int().min(1).max(1024),
  alpha: z.number().positive(),
  targets: z.array(z.enum(['q_proj', 'k_proj', 'v_proj', 'o_proj', 'gate_proj', 'up_proj', 'down_proj'])).min(1),
})

export type LoraSpec = z.infer<typeof loraSpecSchema>

/** How long a completion of an eval may be, and from which reward on it passes: what RAFT and filters keep. */
export const evalLimitsSchema = z.strictObject({ maxNewTokens: z.int().min(1), passThreshold: z.number() })

export type EvalLimits = z.infer<typeof evalLimitsSchema>

export const trainingSpecSchema = z.strictObject({
  schemaVersion: z.literal(1),
  runId: z.string(),
  round: z.string(),
  arm: z.string(),
  /** Directory and hash of the base model. */
  base: z.strictObject({ directory: z.string(), hash: z.string() }),
  /** Adapter directory to continue from; null starts a new adapter on the base. */
  parentAdapter: z.string().nullable(),
  /** Whether the parent's adapter is trained on, or merged into the weights under a new adapter. */
  start: z.enum(['continue', 'merge']).default('continue'),
  lora: loraSpecSchema,
  method: methodSchema,
  /** Three seeds, so that each source of chance can be varied alone. */
  seeds: z.strictObject({ initialisation: z.number(), order: z.number(), sampling: z.number() }),
  examples: z.array(trainingExampleSchema),
  /** Cases that are answered greedily at every checkpoint and graded, never rewarded: `dev` cases and their twins. */
  watched: z.array(z.strictObject({ eval: z.string(), caseId: z.string(), ...asked })).default([]),
  /** Of the round's own eval. */
  ...evalLimitsSchema.shape,
  /** Of evals whose cases are replayed, by name. Left out in older trainings, which judged them by the round's own. */
  replayed: z.record(z.string(), evalLimitsSchema).default({}),
  /** A checkpoint (an adapter directory) is written after these steps; the last step is always among them. */
  checkpointSteps: z.array(z.int().min(0)),
  /** Where adapters, events and optimizer state go. */
  directory: z.string(),
})

/** The limits of a completion's eval; '' is the round's own. */
export function evalLimits(spec: Pick<TrainingSpec, 'maxNewTokens' | 'passThreshold' | 'replayed'>, evalName: string): EvalLimits {
  return (evalName === '' ? undefined : spec.replayed[evalName]) ?? spec
}

/** A spec with every default filled in. */
export type TrainingSpec = z.infer<typeof trainingSpecSchema>

/** A spec as older runs and callers write it. */
export type TrainingSpecInput = z.input<typeof trainingSpecSchema>
