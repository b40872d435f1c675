/**
 * @file The small whole-file records of a run directory: plan, candidate choice, KL curve and header. Each is written whole (temporary name, rename).
 */
import { z } from 'zod'
import { fileNoteSchema } from './run-files.ts'

/** An eval as the run used it. */
export const plannedEvalSchema = z.strictObject({
  name: z.string(),
  description: z.string(),
  kind: z.enum(['feature', 'retention']),
  blocking: z.boolean(),
  /** Set when the gate set is too small for its margin: the eval is shown and never blocks. */
  advisory: z.strictObject({ cases: z.int(), neededCases: z.int(), supportedMargin: z.number() }).nullable(),
  margin: z.number(),
  minEffect: z.number(),
  chance: z.number(),
  expectedFlips: z.number(),
  passThreshold: z.number(),
  repeats: z.int(),
  /** Whether the gate compares rewards (true) or passes (false). */
  graded: z.boolean().default(false),
  caseCounts: z.record(z.string(), z.int()),
  /** Hash of the gate cases' ids and contents. */
  setHash: z.string(),
  /** Hash of everything of all its cases, training cases and demonstrations included; left out in older runs. */
  contentHash: z.string().optional(),
  /** How it is asked and counted, so that a change can be named; left out in older runs. */
  settings: z.record(z.string(), z.unknown()).optional(),
  graderHash: z.string(),
  graders: z.array(z.strictObject({ name: z.string(), kind: z.string(), version: z.int(), hash: z.string(), audit: z.boolean() })),
})

/** What trained and answered a run's evals, and the packages that decide its numbers. */
export const trainerRecordSchema = z.strictObject({
  name: z.string(),
  host: z.string(),
  device: z.string(),
  precision: z.string(),
  evaluation: z.string(),
  packages: z.record(z.string(), z.string()),
})

/** What a run will do: written first, never changed. In mode `gate` two given models are compared in one round "gate" with one arm "candidate". */
export const planSchema = z.strictObject({
  schemaVersion: z.literal(1),
  mode: z.enum(['run', 'gate']),
  run: z.string(),
  suite: z.strictObject({ name: z.string(), description: z.string(), file: z.string(), hash: z.string(), budget: z.string().nullable() }),
  base: z.strictObject({ name: z.string(), directory: z.string(), hash: z.string(), tokenizer: z.string(), parameterCount: z.int() }),
  /** Mode `gate`: what the user named as parent and candidate, with hashes. */
  compared: z
    .strictObject({
      parent: z.strictObject({ name: z.string(), hash: z.string() }),
      candidate: z.strictObject({ name: z.string(), hash: z.string() }),
      target: z.string().nullable(),
    })
    .nullable(),
  runtime: z.string(),
  /** What trained and answered, where it was not the embedded engine. */
  trainer: trainerRecordSchema.optional(),
  holdfastVersion: z.string(),
  seed: z.number(),
  gate: z.record(z.string(), z.unknown()),
  lora: z.record(z.string(), z.unknown()).nullable(),
  /** Of the suite, what has no member of its own here; left out in older runs. */
  settings: z.record(z.string(), z.unknown()).optional(),
  rounds: z.array(z.strictObject({ name: z.string(), index: z.int(), feature: z.string().nullable() })),
  arms: z.array(z.strictObject({ name: z.string(), role: z.enum(['candidate', 'control']), method: z.record(z.string(), z.unknown()) })),
  evals: z.array(plannedEvalSchema),
  warnings: z.array(z.strictObject({ code: z.string(), message: z.string() })),
})

export type PlannedEval = z.infer<typeof plannedEvalSchema>
export type Plan = z.infer<typeof planSchema>

/** One line of `cases/<eval>.jsonl`: a case with the messages it is asked with. */
export const recordedCaseSchema = z.strictObject({
  id: z.string(),
  role: z.string(),
  input: z.unknown(),
  expected: z.unknown(),
  tags: z.array(z.string()),
  cluster: z.string().nullable(),
  twinOf: z.string().nullable(),
  messages: z.array(
    z.strictObject({
      role: z.string(),
      content: z.string(),
      toolCalls: z
        .array(z.strictObject({ id: z.string().nullable(), name: z.string(), arguments: z.string() }))
        .readonly()
        .optional(),
      toolCallId: z.string().optional(),
    }),
  ),
})

export type RecordedCase = z.infer<typeof recordedCaseSchema>

/** Which checkpoint became the candidate, why, and the dev scores of all. Optional members are missing in runs of before 2026-11-29. */
export const candidateSchema = z.strictObject({
  step: z.int(),
  adapter: z.string(),
  hash: z.string(),
  reason: z.string().optional(),
  /** Whether every old eval kept its dev score within its margin at the chosen one. */
  eligible: z.boolean().optional(),
  checkpoints: z.array(
    z.strictObject({
      step: z.int(),
      hash: z.string(),
      devPassShare: z.number(),
      devStderr: z.number().optional(),
      /** Dev cases of the feature of which no answer could be graded, over all. */
      devUngradedShare: z.number().optional(),
      /** As the gate would compare it: mean reward of a graded eval, else the pass share; null where nothing could be graded. */
      devScore: z.number().nullable().optional(),
      /** Of the old evals together, for charts: it chooses nothing. */
      retainedPassShare: z.number(),
      /** Each old eval that can block, against the parent on the same dev cases. */
      old: z
        .array(
          z.strictObject({
            eval: z.string(),
            cases: z.int(),
            /** Cases that could be graded at the parent and not here. */
            ungraded: z.int(),
            score: z.number().nullable(),
            difference: z.number().nullable(),
            margin: z.number(),
          }),
        )
        .optional(),
      /** KL(base || tuned) per token in nats, on the base's own answers. */
      klNewNats: z.number().nullable(),
      klOldNats: z.number().nullable(),
    }),
  ),
})

export type CandidateChoice = z.infer<typeof candidateSchema>

/** The run's header, written last: a directory without it is an interrupted run. */
export const runHeaderSchema = z.strictObject({
  schemaVersion: z.literal(1),
  run: z.string(),
  suiteHash: z.string(),
  exitCode: z.int(),
  /** One sentence for people. */
  summary: z.string(),
  lineages: z.array(
    z.strictObject({
      arm: z.string(),
      role: z.enum(['candidate', 'control']),
      rounds: z.array(
        z.strictObject({
          round: z.string(),
          feature: z.string().nullable(),
          outcome: z.enum(['ACCEPTED', 'BLOCKED', 'INCONCLUSIVE', 'LOST']),
          adapter: z.string().nullable(),
        }),
      ),
    }),
  ),
  /** What every file of the run held at its end; left out by versions that kept no hashes. */
  files: z.record(z.string(), fileNoteSchema).optional(),
  /** Of all other members. */
  digest: z.string().optional(),
})

export type RunHeader = z.infer<typeof runHeaderSchema>

/** One line of telemetry.jsonl: times, rates and memory, never part of a verdict. */
export const telemetrySchema = z.strictObject({
  at: z.string(),
  phase: z.string(),
  round: z.string().nullable(),
  arm: z.string().nullable(),
  seconds: z.number(),
  tokens: z.number().nullable(),
  residentBytes: z.number().nullable(),
})

export type Telemetry = z.infer<typeof telemetrySchema>
