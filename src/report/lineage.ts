/**
 * @file What became of each arm's rounds, and from which model each started: the last accepted round of its own arm, or the base.
 */
import type { Outcome } from './outcome-mark.ts'
import type { RecordedArmRound, RecordedRun } from './recorded-run.ts'

/** One arm's round in its lineage. */
export interface LineageRound {
  readonly recorded: RecordedArmRound
  readonly role: 'candidate' | 'control'
  readonly outcome: Outcome
  /** The round whose adapter was tuned further; null is the base. */
  readonly parent: RecordedArmRound | null
}

/** A run with its lineages: what every section's data are made from. */
export interface TracedRun extends RecordedRun {
  /** Every arm's rounds, arms in the plan's order, rounds in order. */
  readonly lineages: readonly LineageRound[]
}

export function traceRun(run: RecordedRun): TracedRun {
  return { ...run, lineages: traceLineages(run) }
}

/** One arm's rounds, in order. */
export function lineageOf({ lineages }: TracedRun, arm: string): readonly LineageRound[] {
  return lineages.filter((entry) => entry.recorded.arm === arm)
}

/** Rounds that an arm's lineage accepted, in order. */
export function acceptedRounds(run: TracedRun, arm: string): readonly LineageRound[] {
  return lineageOf(run, arm).filter((entry) => entry.outcome === 'ACCEPTED')
}

function traceLineages(run: RecordedRun): LineageRound[] {
  return run.plan.arms.flatMap((arm) => {
    let parent: RecordedArmRound | null = null
    return run.armRounds
      .filter((recorded) => recorded.arm === arm.name)
      .map((recorded) => {
        const entry: LineageRound = { recorded, role: arm.role, outcome: outcomeOf(recorded, run), parent }
        if (entry.outcome === 'ACCEPTED') parent = recorded
        return entry
      })
  })
}

function outcomeOf(recorded: RecordedArmRound, run: RecordedRun): Outcome {
  if (recorded.verdict !== null) return recorded.verdict.verdict
  const stated = run.header?.lineages
    .find((lineage) => lineage.arm === recorded.arm)
    ?.rounds.find((round) => round.round === recorded.round)?.outcome
  if (stated !== undefined) return stated
  return recorded.events.at(-1)?.type === 'lost' ? 'LOST' : 'UNFINISHED'
}
