/**
 * @file Grader "label": the answer is one of a fixed set of labels.
 */
import type { Grader } from '../eval/grader.ts'
import { builtIn } from '../eval/user-code.ts'
import { answerText, normaliseLines, normaliseText, unquoted } from './answer-text.ts'
import { GraderOptionsError } from './errors.ts'
import { gradeOf, unusableGold } from './grade-result.ts'
import { checkOptions, COMMON, TEXTS } from './options/check-options.ts'
import { onlyAffirmed } from './text/denial.ts'
import { mentionPattern, mentionSpans } from './text/mentions.ts'
import type { GraderCard } from './grader-card.ts'

/** Settings of `label`. */
export interface LabelOptions {
  readonly labels: readonly string[]
  readonly name?: string
  readonly weight?: number
}

/**
 * Reward 1 when the answer is the expected label, letter case and white space aside; else 0.
 * Profile `reward`: the whole answer is the label. Profile `eval`: a final period or quotes are allowed, else the only label that the text
 * mentions counts, unless the text denies it.
 * @throws GraderOptionsError
 */
export function label(options: LabelOptions): Grader {
  checkOptions<LabelOptions>('label', options, { ...COMMON, labels: TEXTS })
  const labels = options.labels.map(normaliseText)
  if (labels.length === 0 || labels.includes('') || new Set(labels).size < labels.length)
    throw new GraderOptionsError({
      grader: 'label',
      problem: 'a label is missing, empty or there twice',
      fix: 'give labels that differ in more than letter case and white space',
    })
  const anyLabel = mentionPattern(labels)
  return builtIn({
    name: options.name ?? 'label',
    kind: 'label',
    // 2: a label that is denied is none. 3: nor is one that is only guessed, asked for or conditional.
    version: 3,
    settings: { labels: [...options.labels] },
    weight: options.weight,
    expectedProblem: (expected) =>
      typeof expected === 'string' && labels.includes(normaliseText(expected))
        ? null
        : `not one of the labels ${options.labels.join(', ')}`,
    traits: { respelled: (gold) => ({ 'label in capitals': gold.toUpperCase() }) },
    grade(input) {
      const { expected } = input.case
      const gold = typeof expected === 'string' ? labels.indexOf(normaliseText(expected)) : -1
      if (gold === -1) return unusableGold(`one of the labels ${options.labels.join(', ')}`)
      const answer = answerText(input) ?? ''
      const text = normaliseText(answer)
      const whole = labels.indexOf(text)
      if (whole !== -1) return gradeOf(whole === gold ? 1 : 0, { formatValid: true, extractionRule: 'whole' })
      if (input.profile === 'reward') return gradeOf(0, { formatValid: false })
      const bare = labels.indexOf(unquoted(text))
      if (bare !== -1) return gradeOf(bare === gold ? 1 : 0, { formatValid: true, extractionRule: 'unquoted' })
      // White space that ends a line ends a thought too, which the text without line breaks cannot tell; its indexes are the same.
      const found = onlyAffirmed(normaliseLines(answer), mentionSpans(text, anyLabel))
      return found === null
        ? gradeOf(0, { formatValid: false })
        : gradeOf(labels.indexOf(found) === gold ? 1 : 0, { formatValid: false, extractionRule: 'only-label' })
    },
  })
}

export const labelCard: GraderCard<typeof label> = {
  make: label,
  family: 'text',
  compares: 'one of fixed `labels`',
  expected: 'one of them',
  rewardDemands: 'nothing but the label, in any letter case',
  partialCredit: 'no',
  example: { make: () => label({ labels: ['open', 'closed'] }), expected: 'open', right: 'open', wrong: 'closed' },
}
