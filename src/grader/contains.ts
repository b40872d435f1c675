/**
 * @file Grader "contains": the answer has certain texts in it.
 */
import type { JsonValue } from '../base/json.ts'
import type { Grader } from '../eval/grader.ts'
import { builtIn } from '../eval/user-code.ts'
import { answerText, normaliseText } from './answer-text.ts'
import { GraderOptionsError } from './errors.ts'
import { gradeOf, unusableGold } from './grade-result.ts'
import { checkOptions, choice, COMMON, FLAG, TEXTS } from './options/check-options.ts'
import { mentionPattern, mentionsIn } from './text/mentions.ts'
import type { GraderCard } from './grader-card.ts'

/** Settings of `contains`. */
export interface ContainsOptions {
  /** What the answer must have in it. Default: the case's expected text, or list of texts. */
  readonly values?: readonly string[]
  /** Whether all of the values are needed, or one of them. Default `all`. */
  readonly match?: 'all' | 'any'
  /** Letter case, Unicode form and runs of white space do not count. Default false. */
  readonly ignoreCase?: boolean
  /** Values count only as words of their own. Default: in profile `reward` they do, in profile `eval` "urgent" is found in "insurgents". */
  readonly wordBoundaries?: boolean
  /** Other answers: mentioning one of them is wrong. What is wanted may stand in this list too. Default none. */
  readonly exclusive?: readonly string[]
  readonly name?: string
  readonly weight?: number
}

const WANTED = 'a text or a list of texts, none of them empty'

/**
 * Reward 1 when the wanted texts stand in the answer; else 0. It cannot tell "urgent" from "not urgent", nor an answer from a list of all answers:
 * as a reward it needs `exclusive` with the other answers, and `label` is the better grader where the answers are a fixed set.
 * @throws GraderOptionsError
 */
export function contains(options: ContainsOptions = {}): Grader {
  checkOptions<ContainsOptions>('contains', options, {
    ...COMMON,
    values: TEXTS.optional(),
    match: choice('all', 'any').optional(),
    ignoreCase: FLAG.optional(),
    wordBoundaries: FLAG.optional(),
    exclusive: TEXTS.optional(),
  })
  const { match = 'all', ignoreCase = false, exclusive = [] } = options
  if (options.values?.length === 0 || [...(options.values ?? []), ...exclusive].some((value) => value.trim() === ''))
    throw new GraderOptionsError({
      grader: 'contains',
      problem: 'an empty text is in every answer',
      fix: 'give values and exclusive as lists of texts that are not empty',
    })
  const clean = (text: string): string => (ignoreCase ? normaliseText(text) : text.trim())
  return builtIn({
    name: options.name ?? 'contains',
    kind: 'contains',
    version: 1,
    settings: {
      values: options.values === undefined ? null : [...options.values],
      match,
      ignoreCase,
      wordBoundaries: options.wordBoundaries ?? null,
      exclusive: [...exclusive],
    },
    weight: options.weight,
    expectedProblem: (expected) => (options.values === undefined && textsOf(expected) === null ? `not ${WANTED}` : null),
    traits: { expectsAnswer: (expected) => typeof expected === 'string' && options.values === undefined },
    grade(input) {
      const gold = options.values ?? textsOf(input.case.expected)
      if (gold === null) return unusableGold(WANTED)
      const text = clean(answerText(input) ?? '')
      const words = options.wordBoundaries ?? input.profile === 'reward'
      const wanted = gold.map(clean)
      const has = wanted.map((value) => (words ? mentionsIn(text, mentionPattern([value])).size > 0 : text.includes(value)))
      const subRewards = Object.fromEntries(gold.map((value, index) => [value, has[index] ? 1 : 0]))
      const enough = match === 'all' ? has.every(Boolean) : has.some(Boolean)
      const others = enough && exclusive.length > 0 && mentionsOther(text, wanted, exclusive.map(clean))
      return gradeOf(enough && !others ? 1 : 0, { subRewards, extractionRule: enough ? 'contained' : null })
    },
  })
}

/** Whether the text mentions one of the others: longer phrases first, so that "not urgent" is no mention of "urgent". */
function mentionsOther(text: string, wanted: readonly string[], exclusive: readonly string[]): boolean {
  const mentioned = mentionsIn(text, mentionPattern([...new Set([...wanted, ...exclusive])]))
  return exclusive.some((value) => !wanted.includes(value) && mentioned.has(value))
}

function textsOf(expected: JsonValue): readonly string[] | null {
  const list = (Array.isArray(expected) ? expected : [expected]) as readonly JsonValue[]
  const texts = list.flatMap((value) => (typeof value === 'string' || typeof value === 'number' ? [String(value)] : []))
  return texts.length > 0 && texts.length === list.length && texts.every((value) => value.trim() !== '') ? texts : null
}

export const containsCard: GraderCard<typeof contains> = {
  make: contains,
  family: 'text',
  compares: 'texts inside the answer',
  expected: 'a text or list of texts, or `values`',
  rewardDemands: 'words of their own: "urgent" is not in "insurgents"',
  partialCredit: 'no',
  example: { make: () => contains(), expected: 'mild', right: 'a mild rash', wrong: 'a rash' },
}
