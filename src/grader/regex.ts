/**
 * @file Grader "regex": the answer matches a pattern, or what a group of the pattern captures is the expected text.
 */
import { z } from 'zod'
import type { Grade, Grader } from '../eval/grader.ts'
import { builtIn } from '../eval/user-code.ts'
import { answerText, normaliseText } from './answer-text.ts'
import { GraderOptionsError } from './errors.ts'
import { gradeOf, unusableGold } from './grade-result.ts'
import { withCallSite } from './options/call-site.ts'
import { checkOptions, COMMON, FLAG, TEXT } from './options/check-options.ts'
import { compilePattern } from './text/linear-pattern.ts'
import type { GraderCard } from './grader-card.ts'

/** Settings of `regex`. */
export interface RegexOptions {
  /** In JavaScript's syntax, run by RE2: no look-around, no backreferences. */
  readonly pattern: string | RegExp
  /** Of `i`, `m`, `s`, `u`. Default: the regular expression's own. */
  readonly flags?: string
  /** A group by number or name: what it captures must be the case's expected text. Default: a match is enough, whatever is expected. */
  readonly group?: number | string
  /** Whether the whole answer must match. Default: in profile `reward` it must, in profile `eval` a match anywhere counts. */
  readonly full?: boolean
  readonly name?: string
  readonly weight?: number
}

const WANTED = 'a text, number or boolean'

/**
 * Reward 1 when the answer, without white space at its ends, matches; else 0.
 * With `group`, profile `eval` compares without regard to letter case, Unicode form and white space.
 * @throws PatternUnusableError, GraderOptionsError
 */
export function regex(options: RegexOptions): Grader {
  checkOptions<RegexOptions>('regex', options, {
    ...COMMON,
    pattern: z.custom((value) => typeof value === 'string' || isRegExp(value), 'must be a text or a regular expression'),
    flags: TEXT.optional(),
    group: z.union([z.int().min(0), TEXT], 'must be the number or the name of a group').optional(),
    full: FLAG.optional(),
  })
  const { group } = options
  const pattern = compilePattern({ ...options, captures: group !== undefined }, withCallSite('graders.regex({ … })'))
  if (group !== undefined && !pattern.hasGroup(group))
    throw new GraderOptionsError({
      grader: 'regex',
      problem: `the pattern has no group ${JSON.stringify(group)}`,
      fix: 'name a group that the pattern has',
    })
  const source = typeof options.pattern === 'string' ? options.pattern : options.pattern.source
  const flags = options.flags ?? (typeof options.pattern === 'string' ? '' : options.pattern.flags)
  return builtIn({
    name: options.name ?? 'regex',
    kind: 'regex',
    version: 1,
    settings: { pattern: source, flags, group: group ?? null, full: options.full ?? null },
    weight: options.weight,
    expectedProblem: (expected) => (group !== undefined && typeof expected === 'object' ? `not ${WANTED}` : null),
    traits: { expectsAnswer: () => false },
    grade(input) {
      const text = answerText(input)?.trim()
      if (text === undefined) return gradeOf(0, { formatValid: false })
      const whole = options.full ?? input.profile === 'reward'
      if (group === undefined) return matchGrade(whole ? pattern.testWhole(text) : pattern.test(text))
      const { expected } = input.case
      if (typeof expected === 'object') return unusableGold(WANTED)
      // A match of the whole text first, so that no answer loses by being graded leniently.
      const captured = pattern.capture(text, group, true) ?? (whole ? null : pattern.capture(text, group, false))
      return gradeCapture(captured, String(expected), input.profile === 'eval')
    },
  })
}

// Not by instanceof: vitest runs files in another realm.
function isRegExp(value: unknown): boolean {
  return Object.prototype.toString.call(value) === '[object RegExp]'
}

function matchGrade(matched: boolean): Grade {
  return gradeOf(matched ? 1 : 0, { formatValid: matched, extractionRule: matched ? 'pattern' : null })
}

function gradeCapture(captured: string | null, gold: string, lenient: boolean): Grade {
  if (captured === null) return gradeOf(0, { formatValid: false })
  const same = lenient ? normaliseText(captured) === normaliseText(gold) : captured.trim() === gold.trim()
  return gradeOf(same ? 1 : 0, { formatValid: true, extractionRule: 'group' })
}

export const regexCard: GraderCard<typeof regex> = {
  make: regex,
  family: 'text',
  compares: 'a pattern (RE2), or what a `group` captures',
  expected: 'nothing, or the captured text',
  rewardDemands: 'the whole answer matches',
  partialCredit: 'no',
  example: { make: () => regex({ pattern: 'R-\\d{4}' }), expected: null, right: 'R-2041', wrong: '2041' },
}
