/**
 * @file Calls a grader with a case made from an expected answer.
 */
import type { JsonValue } from '../../src/base/json.ts'
import type { Grade, GradeInput, Grader, GradingProfile } from '../../src/eval/grader.ts'

/** The input that grading would give a grader. */
export function inputOf(text: string, expected: JsonValue, profile: GradingProfile = 'eval', parsed: unknown = text): GradeInput {
  const completion = { text, tokenIds: [], logProbs: null, finishReason: 'stop' as const }
  return { case: { id: 'c', input: 'q', expected, role: 'gate', tags: [] }, completion, parsed, profile }
}

/** The grade of a text by one grader that answers at once. */
export function gradeWith(grader: Grader, text: string, expected: JsonValue, profile: GradingProfile = 'eval'): Grade {
  return grader.grade(inputOf(text, expected, profile)) as Grade
}

/** Reward in both profiles, [eval, reward]. */
export function rewards(grader: Grader, text: string, expected: JsonValue): readonly (number | null)[] {
  return [gradeWith(grader, text, expected, 'eval').reward, gradeWith(grader, text, expected, 'reward').reward]
}

/** The whole text of what a definition throws; the test's own file and line as <here>. */
export function messageOf(define: () => unknown): string {
  try {
    define()
  } catch (error) {
    return (error as Error).message.replace(/, tests\/\S+\.test\.ts:\d+$/m, ', <here>')
  }
  return 'nothing was thrown'
}
