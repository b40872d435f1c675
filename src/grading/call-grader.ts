/**
 * @file Calls one grader and believes nothing: a throw, a malformed grade or none in time becomes a grade that could not be given, never a 0.
 */
import { quoteUntrusted } from '../base/untrusted-text.ts'
import type { Grade, GradeInput, Grader } from '../eval/grader.ts'
import { ungraded } from '../grader/grade-result.ts'
import { TIMED_OUT, withinDeadline } from '../base/deadline.ts'

/** How long a grader that says nothing may take over one completion: far longer than a request to another machine, far shorter than a night. */
export const GRADER_DEADLINE_MS = 30_000

/**
 * The grader's grade, or reward null with the code GRADER_THREW, GRADER_BAD_GRADE or GRADER_TIMED_OUT and the grader's name in the message.
 * A grader that answers at once costs neither a timer nor a turn: its grade is no promise. A promise never rejects.
 * A grader that blocks the process without giving it back cannot be stopped by this.
 */
export function callGrader(grader: Grader, input: GradeInput, deadlineMs: number = deadlineOf(grader)): Grade | Promise<Grade> {
  try {
    const given: unknown = grader.grade(input)
    return isPromise(given) ? gradeInTime(grader, given, deadlineMs) : checkedGrade(grader, given)
  } catch (error) {
    return threw(grader, error)
  }
}

async function gradeInTime(grader: Grader, given: PromiseLike<unknown>, deadlineMs: number): Promise<Grade> {
  try {
    const grade = await withinDeadline(given, { deadlineMs })
    if (grade !== TIMED_OUT) return checkedGrade(grader, grade)
    return ungraded('GRADER_TIMED_OUT', `grader ${quoteUntrusted(grader.name)} gave no grade within ${deadlineMs} ms`)
  } catch (error) {
    return threw(grader, error)
  }
}

function checkedGrade(grader: Grader, grade: unknown): Grade {
  const problem = gradeProblem(grade)
  return problem === null ? (grade as Grade) : ungraded('GRADER_BAD_GRADE', `grader ${quoteUntrusted(grader.name)} gave ${problem}`)
}

function threw(grader: Grader, error: unknown): Grade {
  const reason = quoteUntrusted(error instanceof Error ? error.message : String(error), 200)
  return ungraded('GRADER_THREW', `grader ${quoteUntrusted(grader.name)} threw ${reason}`)
}

/** The grader's own time where it names one that a timer can wait for. */
function deadlineOf({ timeoutMs }: Grader): number {
  return timeoutMs !== undefined && timeoutMs > 0 && timeoutMs < 2 ** 31 ? timeoutMs : GRADER_DEADLINE_MS
}

// Not by instanceof: the grader may come from another realm.
function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function'
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
