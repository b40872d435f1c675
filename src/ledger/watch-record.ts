/**
 * @file What was seen of a training at its checkpoints: the training reward beside what is never rewarded. One per line of an arm's `watch.jsonl`;
 * `hacking.json` stands beside it when the training was stopped for it.
 */
import { z } from 'zod'

/** One signal at one checkpoint; `values` are rewards by case, in the same order at every checkpoint, null where a case could not be graded. */
const signal = z.strictObject({
  /** Name of an audit grader, or "twins". */
  name: z.string(),
  values: z.array(z.number().nullable()),
})

export const watchRecordSchema = z.strictObject({
  schemaVersion: z.literal(1),
  /** 0 is the parent. */
  step: z.int(),
  /** Mean training reward since the last checkpoint. */
  meanReward: z.number().nullable(),
  signals: z.array(signal),
  /** Why the training was stopped here; null when it went on. */
  stop: z.string().nullable(),
})

export type WatchRecord = z.infer<typeof watchRecordSchema>

export const hackingRecordSchema = z.strictObject({
  schemaVersion: z.literal(1),
  step: z.int(),
  lastGoodStep: z.int(),
  reason: z.string(),
  limit: z.number(),
  /** Completions with the highest reward before the stop: what the graders liked. Untrusted text. */
  completions: z.array(z.strictObject({ caseId: z.string(), eval: z.string(), reward: z.number(), text: z.string() })),
})

export type HackingRecord = z.infer<typeof hackingRecordSchema>
