/**
 * @file Makes a grade of what a grading program gave. A program that failed gives no grade, never 0.
 */
import { quoteUntrusted } from '../../base/untrusted-text.ts'
import type { Grade } from '../../eval/grader.ts'
import { gradeOf, ungraded } from '../grade-result.ts'
import type { ProgramVerdict } from './code-results.ts'

/** Right or wrong, a number from 0 to 1, or `{ reward, subRewards }`; anything else, and null, is no grade. */
export function verdictGrade(verdict: ProgramVerdict): Grade {
  if ('problem' in verdict) return ungraded(verdict.problem.code, messageOf(verdict.problem))
  const { value } = verdict
  if (value === null) return ungraded('GRADER_ABSTAINED', 'the program gave null')
  const whole = typeof value === 'object' && 'reward' in value ? value : { reward: value }
  const reward = typeof whole.reward === 'boolean' ? Number(whole.reward) : whole.reward
  if (typeof reward !== 'number' || !(reward >= 0 && reward <= 1))
    return ungraded('GRADER_BAD_GRADE', `the program gave ${quoteUntrusted(shown(whole.reward))}, which is no number from 0 to 1`)
  const parts = 'subRewards' in whole ? whole.subRewards : {}
  const numbers = Object.entries(typeof parts === 'object' && parts !== null ? parts : {}).filter(([, part]) => Number.isFinite(part))
  return gradeOf(reward, { subRewards: Object.fromEntries(numbers) as Record<string, number> })
}

/** What sandboxes say of themselves is shown whole; what code said is quoted. */
function messageOf({ code, message }: { readonly code: string; readonly message: string }): string {
  return code === 'GRADER_CODE_THREW' ? `the program failed: ${quoteUntrusted(message, 200)}` : message
}

function shown(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? typeof value)
}
