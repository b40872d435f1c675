/**
 * @file What one arm has to do in one round: the feature it tunes, and what it starts from.
 */
import type { SuiteEval } from '../suite/checked-suite.ts'
import type { CheckedArm } from '../suite/checked-suite.ts'
import type { AcceptedAdapter } from './lineage.ts'

/** One arm's part in one round. */
export interface ArmRound {
  readonly round: string
  readonly feature: SuiteEval
  readonly arm: CheckedArm
  readonly parent: AcceptedAdapter | null
  /** Features that the lineage accepted before: what may be replayed. */
  readonly earlier: readonly SuiteEval[]
}
