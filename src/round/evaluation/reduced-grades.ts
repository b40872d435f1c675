/**
 * @file Repeats before the gate: where an eval declares another reducer than the mean, each case comes to the gate as one grade, reduced as declared.
 */
import type { GradeToPair } from '../../gate/pair-grades.ts'
import type { GradeRecord } from '../../ledger/grade-record.ts'
import { caseOutcomes, reducedPass, reducedReward } from './case-outcomes.ts'
import type { SummarisedEval } from './case-outcomes.ts'

/** Whether the gate compares reduced cases; the mean is what it takes of repeats by itself. */
export function isReduced({ reducer }: SummarisedEval): boolean {
  return reducer !== 'mean'
}

/** Whether passes reduced this way are 0 or 1 again; chances such as pass@k are shares, and the median of an even number may be a half. */
export function isBinary(reducer: string): boolean {
  return !/^pass|^median$/.test(reducer)
}

/** Whether each case comes to the gate as one pass or fail: neither rewards, nor repeats, nor repeats reduced to a share. */
export function comparesSinglePasses(
  definition: Pick<SummarisedEval, 'reducer'> & { readonly graded: boolean; readonly repeats: number },
): boolean {
  if (definition.graded) return false
  return definition.reducer === 'mean' ? definition.repeats === 1 : isBinary(definition.reducer)
}

/** One grade a case: its reduced reward when rewards are compared, else its reduced passes. With the mean, the records as they are. */
export function reducedGrades(records: readonly GradeRecord[], definition: SummarisedEval, graded: boolean): readonly GradeToPair[] {
  if (!isReduced(definition)) return records
  return caseOutcomes(records, definition).map((row) => {
    const first = row.records[0] as GradeRecord
    const value = graded ? reducedReward(row, definition.reducer) : reducedPass(row, definition.reducer)
    const passed = reducedPass(row, definition.reducer)
    const { caseId, cluster, hashes } = first
    return { caseId, cluster, hashes, repeat: 0, reward: value, pass: passed === null ? null : passed >= 0.5 }
  })
}
