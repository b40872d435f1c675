/**
 * @file report.json: every number of the report as data with a schema version. The page, the Markdown summary and the JUnit file are
 * drawn from this document and from nothing else (only the case browser also reads the grades), so they cannot disagree.
 */
import { z } from 'zod'
import { trainerRecordSchema } from '../ledger/run-records.ts'
import { modelDifferenceSchema, relativeMarginSchema } from './recorded-verdict.ts'

export const REPORT_SCHEMA_VERSION = 1

const figure = z.number().nullable()
const interval = z.tuple([figure, figure])

/** Outcome of one arm's round. LOST: the trainer died. UNFINISHED: the run ended before there was a verdict. */
export const outcomeSchema = z.enum(['ACCEPTED', 'BLOCKED', 'INCONCLUSIVE', 'LOST', 'UNFINISHED'])

export const reportedBaselineSchema = z.strictObject({
  baseline: z.enum(['parent', 'anchor', 'base', 'best']),
  method: z.string(),
  n: z.int(),
  clusters: z.int().nullable(),
  designEffect: figure,
  before: figure,
  after: figure,
  difference: figure,
  interval,
  lost: z.int(),
  gained: z.int(),
  errors: z.int(),
  flipRate: figure,
  pLoss: figure,
  pLossHolm: figure,
  pGain: figure,
  pNonInferior: figure,
})

/** One eval in one arm's round; numbers at the top are against the parent, differences are after minus before, as shares. */
export const reportedEvalSchema = z.strictObject({
  name: z.string(),
  role: z.enum(['target', 'old', 'future', 'none']),
  /** Whether a proven loss of it, or as a target its miss, could block the round. */
  blocking: z.boolean(),
  /** Whether ACCEPTED needs it HELD. */
  mustHold: z.boolean(),
  advisoryReason: z.string().nullable(),
  verdict: z.enum(['IMPROVED', 'HELD', 'REGRESSED', 'INCONCLUSIVE']),
  reason: z.string(),
  margin: z.number(),
  /** Where the margin was cut to a share of what the anchor scored on dev cases; absent where it is the declared one. */
  relativeMargin: relativeMarginSchema.optional(),
  minEffect: z.number(),
  n: z.int(),
  errors: z.int(),
  before: figure,
  after: figure,
  difference: figure,
  interval,
  lost: z.int(),
  gained: z.int(),
  flags: z.array(z.string()),
  neededN: figure,
  baselines: z.array(reportedBaselineSchema),
  /** Ids of the `lost` cases: they passed with the parent and fail now, a repeated case by at least half of its graded repeats. */
  lostCases: z.array(z.string()),
  /** Cases that have twins against their twins, on the candidate; absent where no pair was graded. */
  twins: z.strictObject({ pairs: z.int(), caseShare: z.number(), twinShare: z.number(), gap: z.number(), interval }).optional(),
})

export const reportedCheckpointSchema = z.strictObject({
  step: z.int(),
  devPassShare: z.number(),
  devStderr: z.number().optional(),
  devUngradedShare: z.number().optional(),
  devScore: figure.optional(),
  /** Of the old evals together: it chooses nothing. */
  retainedPassShare: z.number(),
  /** Each old eval that can block, against the parent on the same dev cases; absent in older runs. */
  old: z
    .array(z.strictObject({ eval: z.string(), cases: z.int(), ungraded: z.int(), score: figure, difference: figure, margin: z.number() }))
    .optional(),
  klNewNats: figure,
  klOldNats: figure,
})

/** One look at a training: its reward since the look before, and the means of what is never rewarded. */
export const reportedLookSchema = z.strictObject({
  /** 0 is the parent. */
  step: z.int(),
  meanReward: figure,
  /** Means over the cases that could be graded: `graded` of `cases`. */
  signals: z.array(z.strictObject({ name: z.string(), mean: figure, graded: z.int(), cases: z.int() })),
})

/** Why a training was stopped as reward hacking; what was not recorded is null. */
export const reportedStopSchema = z.strictObject({
  step: z.int(),
  reason: z.string(),
  lastGoodStep: z.int().nullable(),
  limit: figure,
  /** The highest rewards before the stop, highest first. Untrusted text. */
  completions: z.array(z.strictObject({ caseId: z.string(), eval: z.string(), reward: z.number(), text: z.string() })),
})

export const reportedRoundSchema = z.strictObject({
  round: z.string(),
  feature: z.string().nullable(),
  arm: z.string(),
  role: z.enum(['candidate', 'control']),
  outcome: outcomeSchema,
  /** Round whose candidate was the parent; null is the base. */
  parentRound: z.string().nullable(),
  /** The fact that decided, in one sentence. */
  decidingFact: z.string(),
  reasons: z.array(z.string()),
  alphaRegressed: figure,
  familySize: z.int().nullable(),
  evals: z.array(reportedEvalSchema),
  chosenStep: z.int().nullable(),
  /** Why that checkpoint, and whether every old eval had kept its dev score at it; absent in older runs. */
  choice: z.strictObject({ reason: z.string(), eligible: z.boolean() }).optional(),
  checkpoints: z.array(reportedCheckpointSchema),
  /** Loss, or mean reward of the methods that sample, by step. */
  training: z.array(z.strictObject({ step: z.int(), loss: figure, meanReward: figure, learningRate: z.number() })),
  /** Absent where nobody watched the training. */
  watch: z.array(reportedLookSchema).optional(),
  /** Absent where the training was not stopped as reward hacking. */
  stopped: reportedStopSchema.optional(),
  /** The trainer's own code and whole message, where the arm was lost and it left them. Untrusted text. */
  lost: z.strictObject({ code: z.string(), message: z.string() }).optional(),
})

/** Pass shares of one model on one eval, and the change against the row's parent. */
export const matrixCellSchema = z.strictObject({
  eval: z.string(),
  passShare: figure,
  change: figure,
  n: z.int(),
  /** `diagonal`: the round's own feature. `future`: the app does not have this feature yet. */
  place: z.enum(['diagonal', 'past', 'future', 'retention']),
})

export const matrixSchema = z.strictObject({
  arm: z.string(),
  rows: z.array(
    z.strictObject({
      label: z.string(),
      round: z.string().nullable(),
      outcome: outcomeSchema.nullable(),
      cells: z.array(matrixCellSchema),
    }),
  ),
})

export const forgettingSchema = z.strictObject({
  arm: z.string(),
  rounds: z.array(z.string()),
  metrics: z.array(z.strictObject({ name: z.string(), value: figure, formula: z.string(), source: z.string() })),
})

export const costSchema = z.strictObject({
  round: z.string().nullable(),
  arm: z.string().nullable(),
  phase: z.string(),
  seconds: z.number(),
  tokens: figure,
  tokensPerSecond: figure,
  peakResidentBytes: figure,
})

export const reportDocumentSchema = z.strictObject({
  schemaVersion: z.literal(REPORT_SCHEMA_VERSION),
  run: z.string(),
  mode: z.enum(['run', 'gate']),
  state: z.enum(['finished', 'interrupted']),
  exitCode: z.int().nullable(),
  headline: z.string(),
  /** The run's own closing sentence. */
  summary: z.string().nullable(),
  suite: z.strictObject({ name: z.string(), description: z.string(), file: z.string(), hash: z.string(), budget: z.string().nullable() }),
  base: z.strictObject({ name: z.string(), hash: z.string(), tokenizer: z.string(), parameterCount: z.int() }),
  compared: z
    .strictObject({
      parent: z.strictObject({ name: z.string(), hash: z.string() }),
      candidate: z.strictObject({ name: z.string(), hash: z.string() }),
      target: z.string().nullable(),
    })
    .nullable(),
  arms: z.array(
    z.strictObject({
      name: z.string(),
      role: z.enum(['candidate', 'control']),
      method: z.record(z.string(), z.unknown()),
      accepted: z.array(z.string()),
      outcomes: z.array(z.strictObject({ round: z.string(), feature: z.string().nullable(), outcome: outcomeSchema })),
      line: z.string(),
    }),
  ),
  rounds: z.array(reportedRoundSchema),
  matrices: z.array(matrixSchema),
  forgetting: z.array(forgettingSchema),
  evals: z.array(
    z.strictObject({
      name: z.string(),
      description: z.string(),
      kind: z.enum(['feature', 'retention']),
      blocking: z.boolean(),
      advisory: z.strictObject({ cases: z.int(), neededCases: z.int(), supportedMargin: z.number() }).nullable(),
      margin: z.number(),
      minEffect: z.number(),
      chance: z.number(),
      expectedFlips: z.number(),
      passThreshold: z.number(),
      repeats: z.int(),
      /** Whether rewards (true) or passes (false) were compared. */
      graded: z.boolean(),
      caseCounts: z.record(z.string(), z.int()),
      setHash: z.string(),
      /** Of all its cases, training cases included; absent in older runs. */
      contentHash: z.string().optional(),
      graderHash: z.string(),
      graders: z.array(z.string()),
    }),
  ),
  method: z.strictObject({
    alpha: z.number(),
    /** Of the printed intervals: 1 - 2 alpha. */
    confidence: z.number(),
    policy: z.record(z.string(), z.unknown()),
    lora: z.record(z.string(), z.unknown()).nullable(),
    seed: z.number(),
    runtime: z.string(),
    /** Absent where the embedded engine trained. */
    trainer: trainerRecordSchema.optional(),
    holdfastVersion: z.string(),
  }),
  warnings: z.array(z.strictObject({ code: z.string(), message: z.string() })),
  /** Mode `gate`: how the two models were asked differently; absent where they were not. */
  differences: z.array(z.strictObject(modelDifferenceSchema.shape)).optional(),
  costs: z.array(costSchema),
})

export type Outcome = z.infer<typeof outcomeSchema>
export type ReportedEval = z.infer<typeof reportedEvalSchema>
export type ReportedBaseline = z.infer<typeof reportedBaselineSchema>
export type ReportedRound = z.infer<typeof reportedRoundSchema>
export type ReportedLook = z.infer<typeof reportedLookSchema>
export type ReportedStop = z.infer<typeof reportedStopSchema>
export type ReportedMatrix = z.infer<typeof matrixSchema>
export type MatrixCell = z.infer<typeof matrixCellSchema>
export type ReportedForgetting = z.infer<typeof forgettingSchema>
export type ReportedCost = z.infer<typeof costSchema>
export type ReportDocument = z.infer<typeof reportDocumentSchema>
