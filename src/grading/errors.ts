/**
 * @file The failures of grading that are a caller's mistake. A completion that cannot be graded is no failure: it is a grade with reward null.
 */
import { defineError } from '../base/errors.ts'
import { quoteUntrusted } from '../base/untrusted-text.ts'

/** A reward asked for a case that may not be trained on. */
export class RewardRefusedError extends defineError(
  'REWARD_REFUSED',
  ({ evalName, caseId, role }: { evalName: string; caseId: string; role: string | null }) => ({
    summary: `Case ${quoteUntrusted(caseId)} of eval "${evalName}" must not be rewarded: ${role === null ? 'the eval has no such case' : `its role is "${role}"`}`,
    where: 'trainer',
    fix: 'train on cases with role "train" only; every other role is there to judge what was trained',
  }),
) {}
