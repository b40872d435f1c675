/**
 * @file Grader "label": the answer is one of a fixed set of labels.
 */
import type { Grader } from '../eval/grader.ts'
import { answerText, normaliseText } from './answer-text.ts'
import { gradeOf, unusableGold } from './grade-result.ts'

/** Settings of `label`. */
export interface LabelOptions {
  readonly labels: readonly string[]
  readonly name?: string
  readonly weight?: number
}

/**
 * Reward 1 when the answer is the expected label, letter case and white space aside; else 0.
 * Profile `reward`: the whole answer is the label. Profile `eval`: a final period or quotes are allowed, else the only label that the text mentions counts.
 */
export function label(options: LabelOptions): Grader {
  const labels = options.labels.map(normaliseText)
  const mentions = labels.map((text) => new RegExp(`(?<![\\p{L}\\p{N}_-])${escapeRegExp(text)}(?![\\p{L}\\p{N}_-])`, 'u'))
  return {
    name: options.name ?? 'label',
    kind: 'label',
    version: 1,
    settings: { labels: [...options.labels] },
    weight: options.weight,
    grade(input) {
      const { expected } = input.case
      const gold = typeof expected === 'string' ? labels.indexOf(normaliseText(expected)) : -1
      if (gold === -1) return unusableGold(`one of the labels ${options.labels.join(', ')}`)
      const text = normaliseText(answerText(input) ?? '')
      const whole = labels.indexOf(text)
      if (whole !== -1) return gradeOf(whole === gold ? 1 : 0, { formatValid: true, extractionRule: 'whole' })
      if (input.profile === 'reward') return gradeOf(0, { formatValid: false })
      const unquoted = labels.indexOf(text.replace(/^["'`*]{1,3}|["'`*.!]{1,3}$/g, ''))
      if (unquoted !== -1) return gradeOf(unquoted === gold ? 1 : 0, { formatValid: true, extractionRule: 'unquoted' })
      const found = onlyMention(text, mentions)
      return found === null
        ? gradeOf(0, { formatValid: false })
        : gradeOf(found === gold ? 1 : 0, { formatValid: false, extractionRule: 'only-label' })
    },
  }
}

/** Index of the only label that occurs as a word of its own; a label inside another that also occurs ("urgent" in "not urgent") does not count. */
function onlyMention(text: string, mentions: readonly RegExp[]): number | null {
  const found = mentions.flatMap((pattern, index) => (pattern.test(text) ? [index] : []))
  return found.length === 1 ? (found[0] as number) : null
}

function escapeRegExp(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`)
}
