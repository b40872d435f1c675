/**
 * @file Failures of putting grades before the gate. A blocked round is not among them: that is a verdict.
 */
import { defineError } from '../base/errors.ts'
import { quoteUntrusted } from '../base/untrusted-text.ts'

/** One kind of hash that differs between the two sides of some pairs. */
export interface HashDifference {
  /** What was hashed: `messages`, `gold`, `grader`, `sampling`, `rendered` or `decoding`. */
  readonly hash: string
  readonly pairs: number
  /** The first few cases it happened to. */
  readonly caseIds: readonly string[]
}

/** The two sides were not asked the same, or not judged the same, so no difference between them means anything. */
export class GradesNotComparableError extends defineError(
  'GRADES_NOT_COMPARABLE',
  ({ evalName, differences }: { evalName: string; differences: readonly HashDifference[] }) => {
    const list = differences.map(({ hash, pairs }) => `${hash} (${pairs} ${pairs === 1 ? 'pair' : 'pairs'})`).join(', ')
    return {
      summary: `Grades of eval ${quoteUntrusted(evalName)} cannot be paired: ${list} ${differences.length === 1 ? 'differs' : 'differ'} between the two models`,
      where: `${differences.length === 1 ? 'case' : 'cases, one for each hash:'} ${differences.map(({ caseIds }) => quoteUntrusted(caseIds[0] ?? '')).join(', ')}`,
      fix: 'grade both models again with the same eval file, graders and sampling, in one run',
    }
  },
) {}

/** One side holds two grades of the same case and repeat. */
export class GradeDuplicatedError extends defineError(
  'GRADE_DUPLICATED',
  ({ evalName, side, caseId, repeat }: { evalName: string; side: 'before' | 'after'; caseId: string; repeat: number }) => ({
    summary: `Eval ${quoteUntrusted(evalName)} has two grades of one case and repeat on the side "${side}"`,
    where: `case ${quoteUntrusted(caseId)}, repeat ${repeat}`,
    fix: 'give each case an id of its own, and each side the grades of one model only',
  }),
) {}
