/**
 * @file What a text grader compares: the text that the eval's parser made, or the completion itself.
 */
import type { GradeInput } from '../eval/grader.ts'
import { withoutThoughts } from '../eval/thinking.ts'

/** Text of the parsed completion: text as it is but for thoughts, numbers and booleans as JSON writes them, null for anything else. */
export function answerText({ parsed }: GradeInput): string | null {
  if (typeof parsed === 'string') return withoutThoughts(parsed)
  return typeof parsed === 'number' || typeof parsed === 'boolean' ? String(parsed) : null
}

/** Unicode NFKC, lower case, runs of white space as one space, none at the ends. */
export function normaliseText(text: string): string {
  return text.normalize('NFKC').toLowerCase().replace(/\s+/gu, ' ').trim()
}

/** Like `normaliseText`, with line breaks where there are any among the white space. Both are equally long. */
export function normaliseLines(text: string): string {
  return text.normalize('NFKC').toLowerCase().trim().replace(/\s+/gu, breakOrSpace)
}

/** For `replace`: a run of white space as a line break where it has one, else as a space. */
export function breakOrSpace(run: string): string {
  return run.includes('\n') ? '\n' : ' '
}

/** Without up to three quotes, back ticks or asterisks at either end and a final period: models decorate. */
export function unquoted(text: string): string {
  return text.replace(/^["'`*]{1,3}/, '').replace(/["'`*.!]{1,3}$/, '')
}
