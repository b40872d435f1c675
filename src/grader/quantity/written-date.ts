/**
 * @file Days and times as people write them in English, as ISO 8601: 2026-11-23, 23.11.2026, Nov 23rd, 2026, 2:30 pm. A form that could be two days is none.
 */
import { breakOrSpace } from '../answer-text.ts'
import { onlyAffirmed } from '../text/denial.ts'
import { isCalendarDay, isWeekday, weekdayFits, WEEKDAY_NAME } from './calendar-day.ts'

/** What a text says of a moment; a part that it does not say is null. */
export interface WrittenMoment {
  /** YYYY-MM-DD. */
  readonly day: string | null
  /** HH:MM:SS of the day. */
  readonly time: string | null
  /** Minutes east of Greenwich. */
  readonly offsetMinutes: number | null
}

/** What comes first in 03/04/2026; `null`: such a form counts only where the other reading has no thirteenth month. */
export type DayOrder = 'day-first' | 'month-first' | null

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const MONTH =
  '(?<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)'
const WEEKDAY = `(?:(?<weekday>${WEEKDAY_NAME})[.,]? (?:the )?)?`
const STARTS_WITH_WEEKDAY = new RegExp(`^${WEEKDAY_NAME}`)
const DAY = '(?<day>\\d{1,2})(?:st|nd|rd|th)?'
const DAY_FORMS = [
  '(?<year>\\d{4})(?<mark>[-/.])(?<month>\\d{1,2})\\k<mark>(?<day>\\d{1,2})',
  '(?<year>\\d{4})(?<month>\\d{2})(?<day>\\d{2})',
  `${WEEKDAY}${DAY}(?: of)?[ -]${MONTH}\\.?,?[ -](?<year>\\d{4})`,
  `${WEEKDAY}${MONTH}\\.? ${DAY},? (?<year>\\d{4})`,
  '(?<day>\\d{1,2})\\.(?<month>\\d{1,2})\\.(?<year>\\d{4})',
  '(?<first>\\d{1,2})(?<mark>[-/])(?<second>\\d{1,2})\\k<mark>(?<year>\\d{4})',
]
const TIME = '(?<hour>\\d{1,2})(?:[:.](?<minute>\\d{2})(?::(?<second_>\\d{2})(?:\\.\\d{1,9})?)?)? ?(?<half>[ap]\\.?m\\.?)?'
const OFFSET = ' ?(?<zone>z|utc|gmt|[-+]\\d{2}:?\\d{2})?'
const WHOLE_DAY = DAY_FORMS.map((form) => new RegExp(`^${form}`))
const WHOLE_TIME = new RegExp(`^${TIME}${OFFSET}$`)
const BETWEEN = /^(?:t|,? at |,? )(?=\d)/
// Every piece is bounded, so that a search is linear.
const IN_TEXT = new RegExp(
  `(?<![\\p{L}\\p{N}./-])(?:${DAY_FORMS.map((form) => form.replaceAll(/\(\?<\w+>/g, '(?:').replaceAll('\\k<mark>', '[-/.]')).join('|')})(?![\\p{L}\\p{N}]|[./-]\\d)`,
  'gu',
)

/** The day, time or both that the whole text is; null when it is none, or could be two. */
export function parseMoment(text: string, order: DayOrder): WrittenMoment | null {
  const plain = text.trim().replace(/[.]$/, '')
  if (plain.length > 60) return null
  const written = plain.toLowerCase().replace(/\s+/g, ' ')
  for (const form of WHOLE_DAY) {
    const match = form.exec(written)
    const day = match === null ? null : dayOf(match.groups ?? {}, order)
    if (match === null || day === null) continue
    const rest = written.slice(match[0].length)
    if (rest === '') return { day, time: null, offsetMinutes: null }
    const clock = BETWEEN.test(rest) ? parseTime(rest.replace(BETWEEN, '')) : null
    if (clock !== null) return { day, ...clock }
  }
  const clock = parseTime(written)
  return clock === null ? null : { day: null, ...clock }
}

/**
 * The only day that a text mentions, however often and in whatever forms; null when it mentions none or several, denies it, or calls it by the
 * name of another day of the week.
 */
export function onlyDayIn(text: string, order: DayOrder): string | null {
  const lower = text.toLowerCase()
  const flat = lower.replace(/\s+/g, ' ')
  const days: { start: number; end: number; says: string }[] = []
  for (const { 0: found, index } of flat.matchAll(IN_TEXT)) {
    const span = { start: index, end: index + found.length }
    const day = parseMoment(found, order)?.day ?? null
    if (day === null ? STARTS_WITH_WEEKDAY.test(found) : !weekdayFits(flat, span, day)) return null
    if (day !== null) days.push({ ...span, says: day })
  }
  return onlyAffirmed(lower.replace(/\s+/g, breakOrSpace), days)
}

function dayOf(parts: Readonly<Record<string, string | undefined>>, order: DayOrder): string | null {
  const day = numbersOf(parts, order)
  return day === null || parts['weekday'] === undefined || isWeekday(day, parts['weekday']) ? day : null
}

function numbersOf(parts: Readonly<Record<string, string | undefined>>, order: DayOrder): string | null {
  const { year = '', first, second } = parts
  const named = parts['month'] === undefined ? -1 : MONTHS.indexOf(parts['month'].slice(0, 3))
  if (first === undefined || second === undefined) return iso(year, named === -1 ? parts['month'] : String(named + 1), parts['day'])
  const dayFirst = order === 'month-first' ? null : iso(year, second, first)
  const monthFirst = order === 'day-first' ? null : iso(year, first, second)
  return dayFirst !== null && monthFirst !== null && dayFirst !== monthFirst ? null : (dayFirst ?? monthFirst)
}

function iso(year: string, month = '', day = ''): string | null {
  const text = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
  return isCalendarDay(text) ? text : null
}

function parseTime(text: string): Pick<WrittenMoment, 'time' | 'offsetMinutes'> | null {
  const parts = WHOLE_TIME.exec(text)?.groups
  if (parts === undefined) return null
  const { half, zone } = parts
  // A bare "14" is a number, not a time.
  if (half === undefined && parts['minute'] === undefined) return null
  const hour = Number(parts['hour'])
  const [minute, second] = [Number(parts['minute'] ?? 0), Number(parts['second_'] ?? 0)]
  if (minute > 59 || second > 59 || (half === undefined ? hour > 23 : hour < 1 || hour > 12)) return null
  const hours = half === undefined ? hour : (hour % 12) + (half.startsWith('p') ? 12 : 0)
  return { time: [hours, minute, second].map((part) => String(part).padStart(2, '0')).join(':'), offsetMinutes: offsetOf(zone) }
}

function offsetOf(zone: string | undefined): number | null {
  if (zone === undefined) return null
  if (/^[a-z]/.test(zone)) return 0
  const digits = zone.replace(':', '')
  const minutes = Number(digits.slice(1, 3)) * 60 + Number(digits.slice(3))
  return digits.startsWith('-') ? -minutes : minutes
}
