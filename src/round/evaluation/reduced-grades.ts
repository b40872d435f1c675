/**
 * @file Repeats before the gate: where an eval declares another reducer than the mean, each case comes to the gate as one grade, reduced as declared.
 */
import { casePassed } from '../../gate/case-rules.ts'
import type { GradeToPair } from '../../gate/pair-grades.ts'
import type { GradeRecord } from '../../ledger/grade-record.ts'
import { gradedCases, reducedPass, reducedReward } from './graded-cases.ts'
import type { SummarisedEval } from './graded-cases.ts'

/** Whether the gate compares reduced cases; the mean is what it takes of repeats by itself. */
function isReduced({ reducer }: Pick<SummarisedEval, 'reducer'>): boolean {
  return reducer !== 'mean'
}

/** Whether passes reduced this way are 0 or 1 again; chances such as pass@k are shares, and the median of an even number may be a half. */
function isBinary(reducer: string): boolean {
  return !/^pass|^median$/.test(reducer)
}

/** What the gate compares of an eval: rewards or passes, and how many of them a case brings. */
export interface ComparedAs {
  readonly graded: boolean
  readonly repeats: number
}

/** The eval's own `graded` and `repeats`, unless its reducer makes one value of the repeats. */
export function comparedAs(definition: Pick<SummarisedEval, 'reducer'> & ComparedAs): ComparedAs {
  const { reducer, graded, repeats } = definition
  return isReduced(definition) ? { repeats: 1, graded: graded || !isBinary(reducer) } : { repeats, graded }
}

/** One grade a case: its reduced reward when rewards are compared, else its reduced passes. With the mean, the records as they are. */
export function reducedGrades(records: readonly GradeRecord[], definition: SummarisedEval, graded: boolean): readonly GradeToPair[] {
  if (!isReduced(definition)) return records
  return gradedCases(records, definition).map((row) => {
    const first = row.records[0] as GradeRecord
    const value = graded ? reducedReward(row, definition.reducer) : reducedPass(row, definition.reducer)
    const passed = reducedPass(row, definition.reducer)
    const { caseId, cluster, hashes } = first
    return { caseId, cluster, hashes, repeat: 0, reward: value, pass: passed === null ? null : casePassed(passed, 1) }
  })
}
