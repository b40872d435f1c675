/**
 * @file Grader and Grade: the one object that is gate, reward and data filter. Implementations live in src/grader, one per file.
 */
import type { JsonValue } from '../base/json.ts'
import type { Case } from './case.ts'
import type { Completion } from './completion.ts'

/** How lenient a grader is. The same grader is used everywhere; the gap between the two profiles is reported. */
export type GradingProfile = 'eval' | 'reward'

/** Why a completion could not be graded. The code is stable; the message may hold untrusted text, quoted. */
export interface GradeError {
  readonly code: string
  readonly message: string
}

/** The result of grading. `reward` is 0 to 1, or null when the completion could not be graded (which is never 0). */
export interface Grade {
  readonly reward: number | null
  /** Parts of the reward by name, for example one per JSON field. */
  readonly subRewards: Readonly<Record<string, number | null>>
  /** Whether the completion had the asked form at all; null where the grader has no opinion. Kept apart from right and wrong. */
  readonly formatValid: boolean | null
  /** Which rule found the answer in the text, for example "whole", "json", "last-number"; null where none was needed. */
  readonly extractionRule: string | null
  readonly errors: readonly GradeError[]
}

export interface GradeInput {
  readonly case: Case
  readonly completion: Completion
  /** What the eval's `parse` made of the completion's text; the text itself when the eval has none. */
  readonly parsed: unknown
  readonly profile: GradingProfile
}

/** Grades one completion of one case. Must not keep state between calls: rewards are asked in any order. */
export interface Grader {
  readonly name: string
  /** The built-in's kind, for example "json-match", or "custom". */
  readonly kind: string
  readonly version: number
  readonly settings: JsonValue
  /** Weight in the mean of the eval's graders. Default 1. */
  readonly weight?: number | undefined
  /** For a custom grader: hash of its source text. Built-ins are identified by kind, version and settings. */
  readonly sourceHash?: string | undefined
  grade(input: GradeInput): Grade | Promise<Grade>
}
