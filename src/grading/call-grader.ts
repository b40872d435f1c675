/**
 * @file Calls one grader and believes nothing: a throw or a malformed grade becomes a grade that could not be given, never a 0.
 */
import { quoteUntrusted } from '../base/untrusted-text.ts'
import type { Grade, GradeInput, Grader } from '../eval/grader.ts'
import { ungraded } from '../grader/grade-result.ts'

/** The grader's grade, or reward null with the code GRADER_THREW or GRADER_BAD_GRADE and the grader's name in the message. */
export async function callGrader(grader: Grader, input: GradeInput): Promise<Grade> {
  try {
    const grade: unknown = await grader.grade(input)
    const problem = gradeProblem(grade)
    return problem === null ? (grade as Grade) : ungraded('GRADER_BAD_GRADE', `grader ${quoteUntrusted(grader.name)} gave ${problem}`)
  } catch (error) {
    const reason = quoteUntrusted(error instanceof Error ? error.message : String(error), 200)
    return ungraded('GRADER_THREW', `grader ${quoteUntrusted(grader.name)} threw ${reason}`)
  }
}

/** What is wrong with a grade, null when nothing is. */
function gradeProblem(value: unknown): string | null {
  if (typeof value !== 'object' || value === null) return `${value === null ? 'null' : typeof value} instead of a grade`
  const { reward, subRewards, formatValid, extractionRule, errors } = value as Partial<Record<keyof Grade, unknown>>
  if (!isReward(reward)) return `the reward ${describe(reward)}, which is neither null nor from 0 to 1`
  if (typeof subRewards !== 'object' || subRewards === null) return 'no subRewards'
  const bad = Object.entries(subRewards).find(([, part]) => part !== null && !Number.isFinite(part))
  if (bad !== undefined) return `the part ${quoteUntrusted(bad[0])} as ${describe(bad[1])}`
  if (formatValid !== null && typeof formatValid !== 'boolean') return `formatValid as ${describe(formatValid)}`
  if (extractionRule !== null && typeof extractionRule !== 'string') return `extractionRule as ${describe(extractionRule)}`
  return Array.isArray(errors) ? null : 'no errors list'
}

function isReward(value: unknown): boolean {
  return value === null || (typeof value === 'number' && value >= 0 && value <= 1)
}

function describe(value: unknown): string {
  return typeof value === 'number' ? String(value) : typeof value
}
