/**
 * @file The settings of every tuning method, as JSON with defaults filled in. Names and meanings are the papers' and TRL's; which trainer knows which
 * method is the trainer's business (`Trainer.refuse`).
 */
import { z } from 'zod'

export const optimizerSpecSchema = z.strictObject({
  name: z.enum(['adamw', 'muon']).default('adamw'),
  learningRate: z.number().min(0),
  // From 1 on the moments grow without end, and without epsilon a parameter that had no gradient yet is divided by 0.
  beta1: z.number().min(0).lt(1).default(0.9),
  beta2: z.number().min(0).lt(1).default(0.99),
  epsilon: z.number().positive().default(1e-8),
  weightDecay: z.number().min(0).default(0),
  maxGradientNorm: z.number().min(0).default(1),
  schedule: z.enum(['constant', 'linear', 'cosine']).default('linear'),
  warmUpSteps: z.int().min(0).default(5),
  /** Share of the peak rate that the schedule ends with. */
  finalShare: z.number().min(0).max(1).default(0.1),
})

/** Before the training, `samples` completions of every prompt are graded by the present policy and prompts that teach nothing are left out. Source: RIF-RFT, arXiv:2507.05386. */
export const instanceFilterSchema = z.strictObject({
  samples: z.int().min(2).max(256).default(8),
  /** `solvable` leaves out prompts that no sample solves; `mixed` also those that every sample solves. */
  keep: z.enum(['solvable', 'mixed']).default('solvable'),
})

/** Cases of features that the lineage accepted earlier, mixed into this round's training data. */
export const replaySchema = z.strictObject({
  /** Share of the mixed training data that is replayed, split evenly between the earlier features. */
  share: z.number().gt(0).lt(1),
})

/** A training without steps teaches nothing and would be judged as if it had. */
const steps = z.int().min(1, 'a training takes at least 1 step')

const shared = {
  steps,
  optimizer: optimizerSpecSchema,
  replay: replaySchema.optional(),
  /** Options handed to TRL's own config for this method, checked against it; refused where Holdfast decides. Only the trl trainer reads them. */
  trl: z.record(z.string(), z.json()).optional(),
}

const rollouts = {
  temperature: z.number().positive().default(1),
  instanceFilter: instanceFilterSchema.optional(),
}

/** What a KL penalty or an implicit reward is measured from: the adapter that the training (in a chain: the stage) starts from, or the untuned base. */
const reference = z.enum(['parent', 'base']).default('parent')

const online = { ...rollouts, promptsPerStep: z.int().min(1), samplesPerPrompt: z.int().min(2) }

/** Where preference data comes from: what people gave in the cases, or graded samples of the parent drawn before the training. */
const preferences = {
  ...rollouts,
  batchSize: z.int().min(1),
  from: z.enum(['people', 'samples']).default('people'),
  /** Completions drawn of each prompt when data comes from samples. */
  samplesPerPrompt: z.int().min(2).default(8),
}

const grpoOnly = {
  ...shared,
  ...online,
  /** Weight of the k3 KL to the reference; 0 means none and costs nothing. */
  klWeight: z.number().min(0).default(0),
  scaleRewards: z.enum(['group', 'batch', 'none']).default('group'),
  reference: reference.optional(),
  /** How token losses are added up: TRL's names. Default `dapo` (tokens of the whole batch). */
  aggregation: z.enum(['dapo', 'grpo', 'bnpo', 'dr_grpo']).optional(),
  /** Ratios by token (GRPO) or by sequence (GSPO, arXiv:2507.18071). Default token. */
  importance: z.enum(['token', 'sequence']).optional(),
  /** Clip range of the ratio: [1 - clipLow, 1 + clipHigh]. Default 0.2 each. */
  clipLow: z.number().gt(0).lt(1).optional(),
  clipHigh: z.number().gt(0).optional(),
  /** Optimizer steps on each batch of rollouts. Default 1. */
  updatesPerBatch: z.int().min(1).optional(),
  /** Whether completions cut at the length limit are left out of the loss. Default false. */
  maskTruncated: z.boolean().optional(),
}

const sft = z.strictObject({ name: z.literal('sft'), ...shared, batchSize: z.int().min(1), demonstration: z.string().default('in-format') })

const raft = z.strictObject({
  name: z.literal('raft'),
  ...shared,
  ...rollouts,
  batchSize: z.int().min(1),
  epochs: z.int().min(1),
  promptsPerEpoch: z.int().min(1),
  samplesPerPrompt: z.int().min(1),
})

const dpo = z.strictObject({
  name: z.literal('dpo'),
  ...shared,
  ...preferences,
  beta: z.number().positive().default(0.1),
  reference,
  lossType: z.enum(['sigmoid', 'ipo', 'hinge', 'robust']).default('sigmoid'),
  labelSmoothing: z.number().min(0).lt(0.5).default(0),
})

const kto = z.strictObject({
  name: z.literal('kto'),
  ...shared,
  ...preferences,
  batchSize: z.int().min(2, 'KTO compares completions within a batch: at least 2'),
  beta: z.number().positive().default(0.1),
  reference,
  desirableWeight: z.number().positive().default(1),
  undesirableWeight: z.number().positive().default(1),
})

const simpo = z.strictObject({
  name: z.literal('simpo'),
  ...shared,
  ...preferences,
  beta: z.number().positive().default(2),
  /** Target margin, in the units of the scaled log-probability difference. */
  gamma: z.number().min(0).default(1),
})

const grpo = z.strictObject({ name: z.literal('grpo'), ...grpoOnly })

const rloo = z.strictObject({
  name: z.literal('rloo'),
  ...shared,
  ...online,
  klWeight: z.number().min(0).default(0.05),
  reference,
  clipLow: z.number().gt(0).lt(1).default(0.2),
  clipHigh: z.number().gt(0).default(0.2),
  updatesPerBatch: z.int().min(1).default(1),
})

const mdloo = z.strictObject({
  name: z.literal('mdloo'),
  ...shared,
  ...online,
  klWeight: z.number().min(0).default(0.05),
  reference,
  /** Weight of the KL to the policy that sampled the batch. */
  proximalWeight: z.number().positive().default(0.1),
  updatesPerBatch: z.int().min(2, 'with one update per batch the proximal term is zero and MDLOO is RLOO: at least 2').default(2),
})

/** Methods that are one training by themselves. */
export const stageSchema = z.discriminatedUnion('name', [
  /** Supervised fine-tuning on demonstrations. */
  sft,
  /** The model's own passing samples, drawn anew each epoch. Source: Dong et al., arXiv:2304.06767. */
  raft,
  /** Source: Rafailov et al., arXiv:2305.18290. */
  dpo,
  /** Source: Ethayarajh et al., arXiv:2402.01306. */
  kto,
  /** Source: Meng et al., arXiv:2405.14734. */
  simpo,
  /** Group-relative policy optimisation and its variants. Source: Shao et al., arXiv:2402.03300. */
  grpo,
  /** Source: Ahmadian et al., arXiv:2402.14740. */
  rloo,
  /** Mirror descent with leave-one-out estimation. Source: Gunter et al., arXiv:2407.21075, section 4.3. */
  mdloo,
])

export type StageSpec = z.infer<typeof stageSchema>

const chain = z.strictObject({
  name: z.literal('chain'),
  /** One after another on the same adapter, each with a fresh optimizer. */
  stages: z.array(stageSchema).min(2),
  /** Steps of all stages together. */
  steps: z.int().min(0),
})

export const methodSchema = z.discriminatedUnion('name', [...stageSchema.options, chain])

export type MethodSpec = z.infer<typeof methodSchema>

export type MethodName = MethodSpec['name']

/** The stages of a method: itself, or those of a chain. */
export function stagesOf(method: MethodSpec): readonly StageSpec[] {
  return method.name === 'chain' ? method.stages : [method]
}

/** Whether a stage learns from completions that it draws and has graded while it trains. */
export function isOnline(stage: StageSpec): boolean {
  return stage.name === 'grpo' || stage.name === 'rloo' || stage.name === 'mdloo' || stage.name === 'raft'
}

/** Whether a stage learns from rewards at all: while it trains, or from samples graded before. */
export function isSampled(stage: StageSpec): boolean {
  return isOnline(stage) || ('from' in stage && stage.from === 'samples')
}
