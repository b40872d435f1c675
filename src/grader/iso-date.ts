/**
 * @file Grader "iso-date": the answer is a day of the calendar as ISO 8601 writes it, 2026-11-23.
 */
import type { JsonValue } from '../base/json.ts'
import type { Grader } from '../eval/grader.ts'
import { builtIn } from '../eval/user-code.ts'
import { answerText } from './answer-text.ts'
import { gradeOf, unusableGold } from './grade-result.ts'
import { checkOptions, COMMON } from './options/check-options.ts'
import { isCalendarDay, weekdayFits } from './quantity/calendar-day.ts'
import { onlyAffirmed } from './text/denial.ts'
import type { GraderCard } from './grader-card.ts'

const IN_TEXT = /(?<![\p{L}\p{N}-])\d{4}-\d{2}-\d{2}(?![\p{L}\p{N}-])/gu

/** Settings of `isoDate`. */
export interface IsoDateOptions {
  readonly name?: string
  readonly weight?: number
}

const WANTED = 'a day like 2026-11-23'

/**
 * Reward 1 when the answer is the expected day; else 0.
 * Profile `reward`: the whole answer is the date. Profile `eval`: else the only day that the text mentions counts, unless the text denies it
 * or names another day of the week beside it.
 */
export function isoDate(options: IsoDateOptions = {}): Grader {
  checkOptions<IsoDateOptions>('isoDate', options, COMMON)
  return builtIn({
    name: options.name ?? 'iso-date',
    kind: 'iso-date',
    // 2: a day that is denied, or has the name of another weekday, is none.
    version: 3,
    settings: {},
    weight: options.weight,
    expectedProblem: (expected) => (isDay(expected) ? null : `not ${WANTED}`),
    grade(input) {
      const { expected } = input.case
      if (!isDay(expected)) return unusableGold(WANTED)
      const text = (answerText(input) ?? '').trim()
      if (isCalendarDay(text)) return gradeOf(text === expected ? 1 : 0, { formatValid: true, extractionRule: 'whole' })
      const found = input.profile === 'eval' ? onlyDay(text) : null
      if (found === null) return gradeOf(0, { formatValid: false })
      return gradeOf(found === expected ? 1 : 0, { formatValid: false, extractionRule: 'only-date' })
    },
  })
}

function isDay(expected: JsonValue): expected is string {
  return typeof expected === 'string' && isCalendarDay(expected)
}

/** The only day that a text mentions and stands by; none that it calls by the name of another weekday. */
function onlyDay(text: string): string | null {
  const days = Array.from(text.matchAll(IN_TEXT), ({ 0: says, index }) => ({ start: index, end: index + says.length, says }))
  const real = days.filter(({ says }) => isCalendarDay(says))
  return real.some((day) => !weekdayFits(text, day, day.says)) ? null : onlyAffirmed(text, real)
}

export const isoDateCard: GraderCard<typeof isoDate> = {
  make: isoDate,
  family: 'value',
  compares: 'a day as 2026-11-23',
  expected: 'such a day',
  rewardDemands: 'nothing but the day',
  partialCredit: 'no',
  example: { make: () => isoDate(), expected: '2026-11-23', right: '2026-11-23', wrong: '2026-11-24' },
}
