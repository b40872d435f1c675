/**
 * @file The grade record: one graded completion with everything that decided it. Old runs must stay useful, so members are only ever added. How records lie
 * in a file is src/ledger/grade-file.ts.
 */
import { z } from 'zod'

/** Why a completion was graded. */
export type GradingPurpose = 'curve' | 'dev' | 'gate' | 'twin' | 'noise'

/** What is the same in all records of one grading. */
export const gradingMembers = {
  run: z.string(),
  suiteHash: z.string(),
  /** Hash of the eval's case ids and contents for this purpose. */
  setHash: z.string(),
  purpose: z.enum(['curve', 'dev', 'gate', 'twin', 'noise']),
  eval: z.string(),
  /** Arm, round and training step of the graded adapter; null for the base and for foreign models. */
  arm: z.string().nullable(),
  round: z.string().nullable(),
  step: z.int().nullable(),
  trainingSeeds: z.strictObject({ initialisation: z.number(), order: z.number(), sampling: z.number() }).nullable(),
  profile: z.enum(['eval', 'reward']),
  passThreshold: z.number(),
}

export const gradingHashes = {
  base: z.string(),
  adapter: z.string().nullable(),
  parent: z.string().nullable(),
  grader: z.string(),
  sampling: z.string(),
  /** Sampling, batch make-up, precision, device, engine, stop tokens, and how tokens become text. */
  decoding: z.string(),
}

/** What is the same whichever model is asked, but the seed, of which each repeat has its own. */
export const askedMembers = {
  caseId: z.string(),
  cluster: z.string().nullable(),
  tags: z.array(z.string()),
  twinOf: z.string().nullable(),
}

export const askedHashes = {
  /** Content of the case (input, expected, twinOf). */
  case: z.string(),
  /** Messages before the chat template. */
  messages: z.string(),
  /** Tokens after it. */
  rendered: z.string(),
  gold: z.string(),
}

/** What was answered, and what it was worth. */
export const answerMembers = {
  repeat: z.int(),
  completion: z.string(),
  tokenIds: z.array(z.int()),
  logProbs: z.array(z.number()).nullable(),
  finishReason: z.enum(['stop', 'tool-calls', 'length', 'content-filter', 'error']),
  /** Tool calls that the server told apart from the text; left out where there are none. */
  toolCalls: z.array(z.strictObject({ id: z.string().nullable(), name: z.string(), arguments: z.string() })).optional(),
  /** Tokens that a server counted; left out on the embedded engine. */
  usage: z.strictObject({ promptTokens: z.int(), completionTokens: z.int() }).optional(),
  reward: z.number().nullable(),
  subRewards: z.record(z.string(), z.number().nullable()),
  /** Audit graders' rewards by grader name: measured, never rewarded. */
  audit: z.record(z.string(), z.number().nullable()),
  pass: z.boolean().nullable(),
  formatValid: z.boolean().nullable(),
  extractionRule: z.string().nullable(),
  errorCode: z.string().nullable(),
  errorMessage: z.string().nullable(),
}

export const gradeRecordSchema = z.strictObject({
  ...gradingMembers,
  ...askedMembers,
  seed: z.number(),
  ...answerMembers,
  hashes: z.strictObject({ ...gradingHashes, ...askedHashes }),
})

export type GradeRecord = z.infer<typeof gradeRecordSchema>
