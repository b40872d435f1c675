/**
 * @file What a trainer is asked to do, as JSON with a schema version: the same file crosses to a trainer in another process or machine.
 */
import { z } from 'zod'

const message = z.strictObject({ role: z.enum(['system', 'user', 'assistant']), content: z.string() })

/** Training data of one case: a demonstration, a preference pair, a thumb label, or a prompt whose completions the suite's graders reward. */
export const trainingExampleSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('demonstration'), caseId: z.string(), messages: z.array(message), completion: z.string() }),
  z.strictObject({ type: z.literal('pair'), caseId: z.string(), messages: z.array(message), chosen: z.string(), rejected: z.string() }),
  z.strictObject({
    type: z.literal('thumb'),
    caseId: z.string(),
    messages: z.array(message),
    completion: z.string(),
    thumb: z.enum(['up', 'down']),
  }),
  z.strictObject({ type: z.literal('prompt'), caseId: z.string(), messages: z.array(message) }),
])

export type TrainingExample = z.infer<typeof trainingExampleSchema>

export const loraSpecSchema = z.strictObject({
  rank: z.int().min(1).max(1024),
  alpha: z.number().positive(),
  targets: z.array(z.enum(['q_proj', 'k_proj', 'v_proj', 'o_proj', 'gate_proj', 'up_proj', 'down_proj'])).min(1),
})

export const optimizerSpecSchema = z.strictObject({
  name: z.enum(['adamw', 'muon']).default('adamw'),
  learningRate: z.number().min(0),
  beta1: z.number().default(0.9),
  beta2: z.number().default(0.99),
  epsilon: z.number().default(1e-8),
  weightDecay: z.number().min(0).default(0),
  maxGradientNorm: z.number().min(0).default(1),
  schedule: z.enum(['constant', 'linear', 'cosine']).default('linear'),
  warmUpSteps: z.int().min(0).default(5),
  /** Share of the peak rate that the schedule ends with. */
  finalShare: z.number().min(0).max(1).default(0.1),
})

const common = { steps: z.int().min(0), optimizer: optimizerSpecSchema }

/** Settings of each tuning method, defaults filled. */
export const methodSchema = z.discriminatedUnion('name', [
  /** Supervised fine-tuning on demonstrations. */
  z.strictObject({ name: z.literal('sft'), ...common, batchSize: z.int().min(1), demonstration: z.string().default('in-format') }),
  /** The model's own passing samples, drawn anew each epoch. Source: Dong et al., arXiv:2304.06767. */
  z.strictObject({
    name: z.literal('raft'),
    ...common,
    batchSize: z.int().min(1),
    epochs: z.int().min(1),
    promptsPerEpoch: z.int().min(1),
    samplesPerPrompt: z.int().min(1),
    temperature: z.number().positive().default(1),
  }),
  /** Group-relative policy optimisation. Source: Shao et al., arXiv:2402.03300. */
  z.strictObject({
    name: z.literal('grpo'),
    ...common,
    promptsPerStep: z.int().min(1),
    samplesPerPrompt: z.int().min(2),
    temperature: z.number().positive().default(1),
    /** Weight of the k3 KL to the round's parent; 0 means none and costs nothing. */
    klWeight: z.number().min(0).default(0),
    scaleRewards: z.enum(['group', 'none']).default('group'),
  }),
])

export type MethodSpec = z.infer<typeof methodSchema>

export type LoraSpec = z.infer<typeof loraSpecSchema>

export const trainingSpecSchema = z.strictObject({
  schemaVersion: z.literal(1),
  runId: z.string(),
  round: z.string(),
  arm: z.string(),
  /** Directory and hash of the base model. */
  base: z.strictObject({ directory: z.string(), hash: z.string() }),
  /** Adapter directory to continue from; null starts a new adapter on the base. */
  parentAdapter: z.string().nullable(),
  lora: loraSpecSchema,
  method: methodSchema,
  /** Three seeds, so that each source of chance can be varied alone. */
  seeds: z.strictObject({ initialisation: z.number(), order: z.number(), sampling: z.number() }),
  examples: z.array(trainingExampleSchema),
  maxNewTokens: z.int().min(1),
  /** A completion passes at this reward: what RAFT and filters keep. */
  passThreshold: z.number(),
  /** A checkpoint (an adapter directory) is written after these steps; the last step is always among them. */
  checkpointSteps: z.array(z.int().min(0)),
  /** Where adapters, events and optimizer state go. */
  directory: z.string(),
})

export type TrainingSpec = z.infer<typeof trainingSpecSchema>
