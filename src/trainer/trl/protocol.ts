/**
 * @file What Holdfast and its Python runner say to each other, from one schema: `scripts/make-runner-protocol.ts` writes the Python side from it.
 * The runner gets tokens, orders and learning rates, never text to tokenise or schedules to compute, so that both trainers learn from the same batches.
 *
 * Files in the training's directory: `runner.json` (RunnerSpec) and `grader.json` (GraderAddress) in; `events.jsonl` (TrainingEvent), `rollouts.jsonl` (Rollout),
 * `progress.jsonl` (RunnerProgress), `exit.json` (RunnerExit, written last), `runner.log` and `checkpoints/<step>/` (adapter in PEFT's form, `canary.json`) out;
 * `state/` is the runner's own.
 */
import { z } from 'zod'
import { stageSchemaOf } from '../../method/method-spec.ts'
import { optimizerSpecSchema } from '../../method/optimizer.ts'
import { evalLimitsSchema, loraSpecSchema } from '../training-spec.ts'
import { TRL } from './refuse.ts'

const ids = z.array(z.int().min(0))

/** One training case as tokens. Which completions are set depends on its type. */
export const runnerExampleSchema = z.strictObject({
  type: z.enum(['demonstration', 'pair', 'thumb', 'prompt']),
  eval: z.string(),
  caseId: z.string(),
  /** The rendered prompt, generation prompt included. */
  promptIds: ids,
  /** Demonstration, or the answer that a thumb is about; ends with a stop token. */
  completionIds: ids.nullable(),
  chosenIds: ids.nullable(),
  rejectedIds: ids.nullable(),
  thumb: z.enum(['up', 'down']).nullable(),
})

/** One stage: a method with everything about its steps written out. */
export const runnerStageSchema = z.strictObject({
  method: stageSchemaOf(TRL),
  /** Steps taken by the stages before it. */
  firstStep: z.int().min(0),
  /** The rate of each step: number[steps]. */
  learningRates: z.array(z.number()),
  optimizer: optimizerSpecSchema,
  /** Examples of each step's batch, by index into `examples`: int[steps * batch]. Null where the batch is drawn from samples. */
  order: z.array(z.int().min(0)).nullable(),
  /** Whether it learns from completions that the graders have graded. */
  drawsSamples: z.boolean(),
  /** Whether groups of equal rewards take part in updates too, as a KL in the loss makes them. */
  usesEqualRewards: z.boolean(),
})

export const runnerSpecSchema = z.strictObject({
  schemaVersion: z.literal(1),
  runId: z.string(),
  round: z.string(),
  arm: z.string(),
  /** A folder on the runner's machine, or a hub id with its revision. */
  base: z.strictObject({ path: z.string(), revision: z.string().nullable() }),
  parentAdapter: z.string().nullable(),
  start: z.enum(['continue', 'merge']),
  lora: loraSpecSchema,
  seeds: z.strictObject({ initialisation: z.int(), order: z.int(), sampling: z.int() }),
  stages: z.array(runnerStageSchema).min(1),
  examples: z.array(runnerExampleSchema),
  watched: z.array(z.strictObject({ eval: z.string(), caseId: z.string(), promptIds: ids })),
  /** Tokens that end a completion; the first one closes demonstrations. */
  stopIds: ids.min(1),
  padId: z.int().min(0),
  ...evalLimitsSchema.shape,
  /** Of evals whose cases are replayed, by name; `eval` of an example names them, '' is the round's own. */
  replayed: z.record(z.string(), evalLimitsSchema),
  /** Global steps after which a checkpoint is written; the last step is among them. */
  checkpointSteps: z.array(z.int().min(0)),
  /** A fixed sequence whose log-probabilities identify an adapter wherever it is served. */
  canary: z.strictObject({ ids, promptLength: z.int().min(1) }),
  directory: z.string(),
  device: z.strictObject({
    kind: z.enum(['cpu', 'cuda']),
    /** Threads on the CPU; null leaves it to torch. */
    threads: z.int().min(1).nullable(),
    precision: z.enum(['f32', 'bf16', '4bit']),
    gradientCheckpointing: z.boolean(),
    /** Sequences per forward and backward pass; null means the whole batch. */
    microBatchSize: z.int().min(1).nullable(),
    /** Sample with vLLM inside the trainer's process; only on cuda. */
    vllm: z.boolean(),
  }),
  rewards: z.strictObject({
    /** Share and least number of completions that may stay ungraded before the training is given up. */
    errorShare: z.number(),
    errorMinimum: z.int(),
    /** How long the runner tries to reach the graders before a reward is null. */
    patienceMs: z.int(),
  }),
})

export type RunnerSpec = z.infer<typeof runnerSpecSchema>
export type RunnerStage = z.infer<typeof runnerStageSchema>
export type RunnerExample = z.infer<typeof runnerExampleSchema>

/**
 * `grader.json`: where rewards are asked for. Written again when the address changes; the runner reads it anew for every try. The token stands in it only
 * for a runner on another machine, which goes on without us and must know the next server's; else it is in GRADER_TOKEN, and no file holds it.
 */
export const graderAddressSchema = z.strictObject({ url: z.string(), token: z.string().optional() })

/** Environment variables that hold what no file may: a killed process leaves files, and no environment. */
export const GRADER_TOKEN = 'HOLDFAST_GRADER_TOKEN'

export type GraderAddress = z.infer<typeof graderAddressSchema>

const gradedItem = {
  eval: z.string(),
  caseId: z.string(),
  tokenIds: ids,
  finishReason: z.enum(['stop', 'length']),
}

/** POST /rewards. A completion is named by step, rank and index within the run's arm and round; asked twice it is graded once. */
export const rewardMessageSchema = z.strictObject({
  step: z.int().min(0),
  rank: z.int().min(0),
  items: z.array(z.strictObject({ index: z.int().min(0), ...gradedItem })).min(1),
})

export type RewardMessage = z.infer<typeof rewardMessageSchema>

/** Answer to POST /rewards, in the order of the items. A null reward says why. */
export const rewardAnswerSchema = z.strictObject({
  rewards: z.array(z.strictObject({ index: z.int(), reward: z.number().nullable(), error: z.string().nullable() })),
})

export type RewardAnswer = z.infer<typeof rewardAnswerSchema>

/** POST /watch: greedy answers at step 0 and at checkpoints. */
export const watchRequestSchema = z.strictObject({
  step: z.int().min(0),
  meanReward: z.number().nullable(),
  items: z.array(z.strictObject(gradedItem)),
})

export type WatchMessage = z.infer<typeof watchRequestSchema>

export const watchAnswerSchema = z.strictObject({ stop: z.boolean(), reason: z.string() })

/** One line of `progress.jsonl`: live figures, outside every claim of equal bytes. */
export const runnerProgressSchema = z.strictObject({
  phase: z.enum(['loading', 'filtering', 'sampling', 'updating', 'saving', 'watching']),
  step: z.int(),
  steps: z.int(),
  tokens: z.int(),
  seconds: z.number(),
  /** Largest memory so far: of the device on cuda, else of the process. */
  peakBytes: z.int(),
  /** While a stage draws its data before its steps: how much of it there is (prompts, pairs or labels). */
  drawn: z.strictObject({ done: z.int(), total: z.int() }).optional(),
})

/** `exit.json`: how the runner ended, in the words of an error of ours when it failed. */
export const runnerExitSchema = z.strictObject({
  schemaVersion: z.literal(1),
  state: z.enum(['finished', 'cancelled', 'stopped', 'failed']),
  step: z.int(),
  code: z.string().nullable(),
  summary: z.string(),
  fix: z.string(),
})

export type RunnerExit = z.infer<typeof runnerExitSchema>

/** `checkpoints/<step>/canary.json`: log-probabilities in nats of the canary's completion tokens under this adapter and under the base. */
export const canaryRecordSchema = z.strictObject({
  ids,
  promptLength: z.int(),
  logProbs: z.array(z.number()),
  baseLogProbs: z.array(z.number()),
  precision: z.string(),
})

export type CanaryRecord = z.infer<typeof canaryRecordSchema>

/** `python -m holdfast_runner serve <file>`: the models that a run is judged by, behind vLLM's own paths. The token is in SERVE_TOKEN: no file holds it. */
export const serveSpecSchema = z.strictObject({
  schemaVersion: z.literal(1),
  base: z.strictObject({ path: z.string(), revision: z.string().nullable() }),
  /** Name under which the base is served. */
  name: z.string(),
  stopIds: ids.min(1),
  padId: z.int().min(0),
  device: runnerSpecSchema.shape.device,
  /** The file that the address is written to once the server can answer: `{"url": …}`. */
  addressFile: z.string(),
})
