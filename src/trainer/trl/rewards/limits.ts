/**
 * @file How much a grader server takes on at once.
 */

export interface GraderLimits {
  /** Completions graded at the same time. A grader that hangs ends its turn at the deadline. */
  readonly gradedAtOnce: number
  /** Completions that may wait for their turn; a request for more is sent away for a while, unless nothing waits. */
  readonly waiting: number
  /** For one completion, counted from the begin of its turn. */
  readonly deadlineMs: number
  readonly bodyBytes: number
}

/** A batch of a thousand completions of a thousand tokens is about 8 MB of JSON. */
export const DEFAULT_GRADER_LIMITS: GraderLimits = { gradedAtOnce: 8, waiting: 4096, deadlineMs: 30_000, bodyBytes: 32 * 1024 * 1024 }
