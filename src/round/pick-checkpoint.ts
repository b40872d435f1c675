/**
 * @file Which of a training's checkpoints becomes the candidate, from dev scores alone. Eligible is one at which every old eval kept its own score within its
 * own margin; of the eligible within one standard error of the best on the round's feature, the earliest. docs/decisions/2026-11-29-checkpoint-choice.md
 */
import type { CandidateChoice } from '../ledger/run-records.ts'

/** A checkpoint with its dev scores. */
export type MeasuredCheckpoint = CandidateChoice['checkpoints'][number]

/** The choice, and why in one sentence. */
export interface CheckpointPick {
  readonly checkpoint: MeasuredCheckpoint
  readonly reason: string
  /** Whether every old eval kept its dev score at the chosen one. */
  readonly eligible: boolean
}

/**
 * The rule by itself: the first member is the parent and is never chosen; there must be one more. A checkpoint of which more answers than
 * `errorBudgetShare` could not be graded is passed over where there is another: what few answers were graded say little of it.
 */
export function pickCheckpoint(measured: readonly MeasuredCheckpoint[], errorBudgetShare: number): CheckpointPick {
  const all = measured.slice(1)
  const graded = all.filter((checkpoint) => ungradedShareOf(checkpoint) <= errorBudgetShare)
  const trained = (graded.length > 0 ? graded : all) as [MeasuredCheckpoint, ...MeasuredCheckpoint[]]
  const pick = pickGraded(trained)
  const left = all.filter((checkpoint) => !trained.includes(checkpoint)).map(({ step }) => step)
  return left.length === 0
    ? pick
    : { ...pick, reason: `${pick.reason}; passed over, as too much could not be graded: step ${left.join(', ')}` }
}

/** The worst of the feature and the old evals. */
function ungradedShareOf({ devUngradedShare, old }: MeasuredCheckpoint): number {
  const shares = (old ?? []).map(({ cases, ungraded }) => (cases + ungraded === 0 ? 0 : ungraded / (cases + ungraded)))
  return Math.max(devUngradedShare ?? 0, ...shares)
}

function pickGraded(trained: readonly [MeasuredCheckpoint, ...MeasuredCheckpoint[]]): CheckpointPick {
  const eligible = trained.filter((checkpoint) => lostBeyond(checkpoint).length === 0)
  if (eligible.length === 0) return leastBroken(trained)
  const best = bestOf(eligible)
  const reach = best.devPassShare - (best.devStderr ?? 0) - ROUNDING
  const checkpoint = eligible.find(({ devPassShare }) => devPassShare >= reach) ?? best
  const skipped = bestOf(trained)
  const reasons = [
    checkpoint === best
      ? `step ${best.step} has the best dev score of those at which every old eval kept its own`
      : `step ${checkpoint.step} is the earliest within one standard error (${points(best.devStderr ?? 0)} points) of step ${best.step}, the best of those at which every old eval kept its own dev score`,
    ...(skipped.devPassShare > best.devPassShare ? [`step ${skipped.step} scores more and is not eligible: ${lossText(skipped)}`] : []),
  ]
  return { checkpoint, reason: reasons.join('; '), eligible: true }
}

/** Scores are sums of shares: equal ones may differ in the last digit. */
const ROUNDING = 1e-12

/** Highest on the feature, ties to the earliest. */
function bestOf(checkpoints: readonly MeasuredCheckpoint[]): MeasuredCheckpoint {
  return checkpoints.reduce((leader, next) => (next.devPassShare > leader.devPassShare + ROUNDING ? next : leader))
}

/** The gate still gets one, to say in its own numbers what was lost. */
function leastBroken(trained: readonly [MeasuredCheckpoint, ...MeasuredCheckpoint[]]): CheckpointPick {
  const excess = (checkpoint: MeasuredCheckpoint): number =>
    Math.min(...lostBeyond(checkpoint).map(({ difference, margin }) => (difference ?? 0) + margin))
  const checkpoint = trained.reduce((leader, next) => (excess(next) > excess(leader) + ROUNDING ? next : leader))
  const reason = `no checkpoint kept every old eval within its margin on dev; step ${checkpoint.step} goes least beyond: ${lossText(checkpoint)}`
  return { checkpoint, reason, eligible: false }
}

type OldScore = NonNullable<MeasuredCheckpoint['old']>[number]

/** Old evals that lost more than their margin on dev, worst first. An eval of which no case could be compared says nothing. */
function lostBeyond({ old }: MeasuredCheckpoint): readonly OldScore[] {
  const beyond = ({ difference, margin }: OldScore): number => (difference ?? 0) + margin
  return (old ?? []).filter((score) => beyond(score) < -ROUNDING).toSorted((one, other) => beyond(one) - beyond(other))
}

function lossText(checkpoint: MeasuredCheckpoint): string {
  return lostBeyond(checkpoint)
    .map(
      ({ eval: name, difference, margin, cases }) =>
        `${name} ${points(difference ?? 0)} points of ${cases} dev cases (margin ${points(margin)})`,
    )
    .join(', ')
}

function points(share: number): string {
  return (share * 100).toFixed(1)
}
