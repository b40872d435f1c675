/**
 * @file Dates and times of the synthetic text. A sum of date and days never leaves its month: calendars are not what is taught here.
 */
import type { SeededRandom } from '../../../src/base/seeded-random.ts'
import { between } from './skill.ts'

/** A day from which `days` more days stay in the month: everything up to the 28th. */
export interface DayOffset {
  readonly today: string
  readonly days: number
  readonly date: string
}

export interface ClockTime {
  /** As people write it: "3 pm", "9:30 am". */
  readonly spoken: string
  /** As computers write it: "15:00", "09:30". */
  readonly iso: string
}

const twoDigits = (value: number): string => String(value).padStart(2, '0')

/** A random start day and its date `days` later. */
export function drawDayOffset(random: SeededRandom, days: number): DayOffset {
  const month = `${between(random, 2025, 2027)}-${twoDigits(between(random, 1, 12))}`
  const day = between(random, 1, 28 - days)
  return { today: `${month}-${twoDigits(day)}`, days, date: `${month}-${twoDigits(day + days)}` }
}

/** A time between 8 in the morning and 8 in the evening, on the hour or the half hour. */
export function drawClockTime(random: SeededRandom): ClockTime {
  const hour = between(random, 8, 20)
  const minutes = random.next() < 0.65 ? '00' : '30'
  const spokenHour = hour > 12 ? hour - 12 : hour
  const half = hour < 12 ? 'am' : 'pm'
  return { spoken: minutes === '00' ? `${spokenHour} ${half}` : `${spokenHour}:30 ${half}`, iso: `${twoDigits(hour)}:${minutes}` }
}

/** "today", "tomorrow" or "in n days". */
export function dayWords(days: number): string {
  if (days === 0) return 'today'
  return days === 1 ? 'tomorrow' : `in ${days} days`
}
