/**
 * @file What the watch over a training recorded, as the document's optional members: means of what is never rewarded, why the training was
 * stopped, why an arm was lost. Whether a training games its reward was decided when it ran; nothing is judged here.
 */
import type { WatchRecord } from '../../../ledger/watch-record.ts'
import type { LineageRound } from '../../lineage.ts'
import type { RecordedArmRound } from '../../recorded-run.ts'
import type { ReportedLook, ReportedRound, ReportedStop } from '../../document.ts'

/** The members of a watched training; none where nobody watched it, so that older runs give the same document as before. */
export function watchedTraining({ watch, hacking }: RecordedArmRound): Pick<ReportedRound, 'watch' | 'stopped'> {
  const stopped = stopOf(watch, hacking)
  return { ...(watch.length === 0 ? {} : { watch: watch.map(lookOf) }), ...(stopped === null ? {} : { stopped }) }
}

/** Code and whole message of a lost trainer. */
export function lostOf({ outcome, recorded }: LineageRound): Pick<ReportedRound, 'lost'> {
  const last = recorded.events.at(-1)
  return outcome === 'LOST' && last?.type === 'lost' ? { lost: { code: last.code, message: last.message } } : {}
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
