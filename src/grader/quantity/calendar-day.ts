/**
 * @file Days of the calendar as ISO 8601 writes them, and the names of their weekdays.
 */
import type { Span } from '../text/denial.ts'

/** Names of weekdays in lower case, whole or short, as a pattern. */
export const WEEKDAY_NAME = '(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?'
const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']
const BEFORE = new RegExp(`(?<![\\p{L}\\p{N}])(${WEEKDAY_NAME})[.,]? (?:the |on )?\\(?$`, 'iu')
// "2026-11-23 sat" may be a verb: a short name counts with a sign after it.
const AFTER = new RegExp(
  `^\\)?,? ?(?:\\(|is |was |which is |which was )?(?:an? |on (?:an? )?)?(${WEEKDAY_NAME})(?:(?<=day)(?![\\p{L}\\p{N}])|(?=[.,)]))`,
  'iu',
)

/** Whether the text is a day that the calendar has, written as YYYY-MM-DD. */
export function isCalendarDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false
  const time = Date.parse(`${text}T00:00:00Z`)
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text)
}

/** Whether a day has that weekday, by its name in English. */
export function isWeekday(day: string, name: string): boolean {
  return WEEKDAYS[new Date(`${day}T00:00:00Z`).getUTCDay()] === name.slice(0, 3).toLowerCase()
}

/** Whether the weekday that a text names right before or after a day is that day's; true where it names none. */
export function weekdayFits(text: string, { start, end }: Span, day: string): boolean {
  const names = [BEFORE.exec(text.slice(Math.max(0, start - 20), start))?.[1], AFTER.exec(text.slice(end, end + 40))?.[1]]
  return names.every((name) => name === undefined || isWeekday(day, name))
}
