/**
 * @file Makes grades: the few shapes that graders give.
 */
import type { Grade } from '../eval/grader.ts'

/** A grade from a reward, without parts. */
export function gradeOf(reward: number, details: Partial<Omit<Grade, 'reward'>> = {}): Grade {
  return { reward, subRewards: {}, formatValid: null, extractionRule: null, errors: [], ...details }
}

/** A grade that could not be given. The code is stable; the message may be shown, so untrusted text in it must be quoted. */
export function ungraded(code: string, message: string): Grade {
  return { reward: null, subRewards: {}, formatValid: null, extractionRule: null, errors: [{ code, message }] }
}

/** A grade that could not be given because the case's expected answer is not what the grader compares with. */
export function unusableGold(wanted: string): Grade {
  return ungraded('GOLD_UNUSABLE', `the case's expected answer is not ${wanted}`)
}
