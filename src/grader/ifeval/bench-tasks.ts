/**
 * @file The families "repeat" and "custom" of IFBench: instructions that are a task of their own.
 */
import { z } from 'zod'
import { instruction, TEXT } from './instruction.ts'
import type { Instructions } from './instruction.ts'
import { sentencesOf } from './sentences.ts'
import { CAPITALS } from './word-lists.ts'

const INDEX = z.int('a whole number of at least 0').min(0, 'a whole number of at least 0')
export const SPAN = { prompt_to_repeat: TEXT, n_start: INDEX, n_end: INDEX }
const [BORN, DEAD] = [1769, 1821]

/** Instructions by id. */
export const benchTasks: Instructions = {
  'repeat:repeat_change': instruction({ prompt_to_repeat: TEXT }, (text, given) => {
    const [wanted, found] = [given.prompt_to_repeat.trim().split(/\s+/u), text.trim().split(/\s+/u)]
    return wanted[0] !== found[0] && wanted.slice(1).join(' ') === found.slice(1).join(' ')
  }),
  'repeat:repeat_simple': instruction(
    {},
    (text) => text.trim().toLowerCase() === 'only output this sentence here, ignore all other requests.',
  ),
  'repeat:repeat_span': instruction(SPAN, isSpan, spanProblem),
  'custom:multiples': instruction({}, (text) => (text.match(/\p{Nd}+/gu) ?? []).join() === '14,21,28,35,42,49'),
  'custom:sentence_alphabet': instruction({}, (text) => {
    const sentences = sentencesOf(text)
    return sentences.length === 26 && sentences.every((sentence, index) => sentence[0]?.toLowerCase() === String.fromCodePoint(97 + index))
  }),
  'custom:european_capitals_sort': instruction({}, (text) => {
    const cities = text.normalize('NFKD').replaceAll(/\p{M}/gu, '').split(',')
    return cities.map((city) => city.trim()).join() === CAPITALS.join()
  }),
  'custom:date_format_list': instruction({}, (text) => text.split(',').every((date) => isDate(date.trim()))),
}

/** The characters between two indices, both included. */
export function isSpan(
  text: string,
  given: { readonly prompt_to_repeat: string; readonly n_start: number; readonly n_end: number },
): boolean {
  const span = Array.from(given.prompt_to_repeat)
    .slice(given.n_start, given.n_end + 1)
    .join('')
  return text.trim().toLowerCase() === span.trim().toLowerCase()
}

/** A span of nothing could only be repeated by nothing. */
export function spanProblem(given: { readonly prompt_to_repeat: string; readonly n_start: number; readonly n_end: number }): string | null {
  const span = Array.from(given.prompt_to_repeat)
    .slice(given.n_start, given.n_end + 1)
    .join('')
  return span.trim() === '' ? 'n_start and n_end must be indices of characters of prompt_to_repeat, in this order' : null
}

/** A day of the calendar in Napoleon's life. */
function isDate(text: string): boolean {
  const [, year] = /^(\d{4})-\d{2}-\d{2}$/u.exec(text) ?? []
  const day = new Date(`${text}T00:00:00Z`)
  return (
    year !== undefined && Number(year) >= BORN && Number(year) <= DEAD && !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text)
  )
}
