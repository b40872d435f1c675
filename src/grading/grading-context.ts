/**
 * @file What a grade record says about where its completion came from: the same for all cases of one grading.
 */
import type { GradeRecord } from '../ledger/grade-record.ts'

/** Where in a run a grading stands. Arm, round, step, seeds and parent are null for the base and for foreign models. */
export interface GradingContext {
  readonly run: string
  readonly suiteHash: string
  /** Row seeds are derived from it. */
  readonly suiteSeed: number | string
  readonly arm: string | null
  readonly round: string | null
  readonly step: number | null
  readonly trainingSeeds: GradeRecord['trainingSeeds']
  /** Hash of the adapter that the graded one was compared with and continued from. */
  readonly parent: string | null
}
