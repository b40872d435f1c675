/**
 * @file Grader "iso-date": the answer is a day of the calendar as ISO 8601 writes it, 2026-11-23.
 */
import type { Grader } from '../eval/grader.ts'
import { answerText } from './answer-text.ts'
import { gradeOf, unusableGold } from './grade-result.ts'

/** Settings of `isoDate`. */
export interface IsoDateOptions {
  readonly name?: string
  readonly weight?: number
}

/**
 * Reward 1 when the answer is the expected day; else 0.
 * Profile `reward`: the whole answer is the date. Profile `eval`: else the only day that the text mentions counts.
 */
export function isoDate(options: IsoDateOptions = {}): Grader {
  return {
    name: options.name ?? 'iso-date',
    kind: 'iso-date',
    version: 1,
    settings: {},
    weight: options.weight,
    grade(input) {
      const { expected } = input.case
      if (typeof expected !== 'string' || !isCalendarDay(expected)) return unusableGold('a day like 2026-11-23')
      const text = (answerText(input) ?? '').trim()
      if (isCalendarDay(text)) return gradeOf(text === expected ? 1 : 0, { formatValid: true, extractionRule: 'whole' })
      const found = input.profile === 'eval' ? onlyDay(text) : null
      if (found === null) return gradeOf(0, { formatValid: false })
      return gradeOf(found === expected ? 1 : 0, { formatValid: false, extractionRule: 'only-date' })
    },
  }
}

/** Whether the text is a day that the calendar has, written as YYYY-MM-DD. */
export function isCalendarDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false
  const time = Date.parse(`${text}T00:00:00Z`)
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text)
}

function onlyDay(text: string): string | null {
  const days = new Set((text.match(/(?<![\p{L}\p{N}-])\d{4}-\d{2}-\d{2}(?![\p{L}\p{N}-])/gu) ?? []).filter(isCalendarDay))
  return days.size === 1 ? ([...days][0] as string) : null
}
