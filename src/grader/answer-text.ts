/**
 * @file What a text grader compares: the text that the eval's parser made, or the completion itself.
 */
import type { GradeInput } from '../eval/grader.ts'

/** Text of the parsed completion: text as it is, numbers and booleans as JSON writes them, null for anything else. */
export function answerText({ parsed }: GradeInput): string | null {
  if (typeof parsed === 'string') return parsed
  return typeof parsed === 'number' || typeof parsed === 'boolean' ? String(parsed) : null
}

/** Unicode NFKC, lower case, runs of white space as one space, none at the ends. */
export function normaliseText(text: string): string {
  return text.normalize('NFKC').toLowerCase().replace(/\s+/gu, ' ').trim()
}

/** Without up to three quotes, back ticks or asterisks at either end and a final period: models decorate. */
export function unquoted(text: string): string {
  return text.replace(/^["'`*]{1,3}/, '').replace(/["'`*.!]{1,3}$/, '')
}
