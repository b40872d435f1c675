/**
 * @file What the watch over a training recorded, as optional members of its round: means of what is never rewarded, and why the training was
 * stopped. Whether a training games its reward was decided when it ran; nothing is judged here.
 */
import { z } from 'zod'
import type { WatchRecord } from '../../../ledger/watch-record.ts'
import { figure } from '../../number-schema.ts'
import type { RecordedArmRound } from '../../recorded-run.ts'

/** One look at a training: its reward since the look before, and the means of what is never rewarded. */
const reportedLookSchema = z.strictObject({
  /** 0 is the parent. */
  step: z.int(),
  meanReward: figure,
  /** Means over the cases that could be graded: `graded` of `cases`. */
  signals: z.array(z.strictObject({ name: z.string(), mean: figure, graded: z.int(), cases: z.int() })),
})

/** Why a training was stopped as reward hacking; what was not recorded is null. */
const reportedStopSchema = z.strictObject({
  step: z.int(),
  reason: z.string(),
  lastGoodStep: z.int().nullable(),
  limit: figure,
  /** The highest rewards before the stop, highest first. Untrusted text. */
  completions: z.array(z.strictObject({ caseId: z.string(), eval: z.string(), reward: z.number(), text: z.string() })),
})

export const watchShape = {
  /** Absent where nobody watched the training. */
  watch: z.array(reportedLookSchema).optional(),
  /** Absent where the training was not stopped as reward hacking. */
  stopped: reportedStopSchema.optional(),
}

export type ReportedLook = z.infer<typeof reportedLookSchema>
export type ReportedStop = z.infer<typeof reportedStopSchema>

/** None where nobody watched the training, so that older runs give the same document as before. */
export function watchMembers({ watch, hacking }: RecordedArmRound): z.infer<z.ZodObject<typeof watchShape>> {
  const stopped = stopOf(watch, hacking)
  return { ...(watch.length === 0 ? {} : { watch: watch.map(lookOf) }), ...(stopped === null ? {} : { stopped }) }
}

function lookOf({ step, meanReward, signals }: WatchRecord): ReportedLook {
  return {
    step,
    meanReward,
    signals: signals.map(({ name, values }) => {
      const known = values.filter((value) => value !== null)
      const sum = known.reduce((total, value) => total + value, 0)
      return { name, mean: known.length === 0 ? null : sum / known.length, graded: known.length, cases: values.length }
    }),
  }
}

/** A run that ended between the last look and the record of the stop has the look's reason only. */
function stopOf(watch: readonly WatchRecord[], hacking: RecordedArmRound['hacking']): ReportedStop | null {
  if (hacking !== null) {
    const { step, reason, lastGoodStep, limit, completions } = hacking
    return { step, reason, lastGoodStep, limit, completions: completions.toSorted((a, b) => b.reward - a.reward) }
  }
  const last = watch.findLast(({ stop }) => stop !== null)
  return last === undefined || last.stop === null
    ? null
    : { step: last.step, reason: last.stop, lastGoodStep: null, limit: null, completions: [] }
}
