/**
 * @file Grader "date": the answer is a day, a time of day or both, in one of the forms that people write. `isoDate` wants ISO 8601 and nothing else.
 */
import type { JsonValue } from '../base/json.ts'
import type { Grade, Grader } from '../eval/grader.ts'
import { builtIn } from '../eval/user-code.ts'
import { answerText } from './answer-text.ts'
import { gradeOf, unusableGold } from './grade-result.ts'
import { checkOptions, choice, COMMON } from './options/check-options.ts'
import { onlyDayIn, parseMoment } from './quantity/written-date.ts'
import type { DayOrder, WrittenMoment } from './quantity/written-date.ts'
import type { GraderCard } from './grader-card.ts'

/** Settings of `date`. */
export interface DateOptions {
  /** How 03/04/2026 is read. Default: it could be two days, so it is none; 23/04/2026 can only be one. */
  readonly order?: 'day-first' | 'month-first'
  readonly name?: string
  readonly weight?: number
}

const WANTED = 'a day like 2026-11-23, a time like 14:30, or both like 2026-11-23T14:30'

/**
 * Reward 1 when the answer is the expected moment; else 0. Expected is ISO 8601: "2026-11-23", "2026-11-23T14:30", with "Z" or "+01:00" an instant, or "14:30".
 * Read are 2026-11-23, 2026/11/23, 20261123, 23.11.2026, 23 November 2026, Mon, Nov 23rd, 2026 and their like in English, 14:30, 2:30 pm.
 * Profile `reward`: the whole answer is the moment and has exactly the parts that are expected. Profile `eval`: a time more than expected does
 * not count, a missing UTC offset neither, and else the only day that the text mentions counts, where only a day is expected,
 * unless the text denies it. A day with the name of another weekday is none: "Tuesday, 23 November 2026" was a Monday.
 */
export function date(options: DateOptions = {}): Grader {
  checkOptions<DateOptions>('date', options, { ...COMMON, order: choice('day-first', 'month-first').optional() })
  const order: DayOrder = options.order ?? null
  return builtIn({
    name: options.name ?? 'date',
    kind: 'date',
    // 2: a day that is denied, or has the name of another weekday, is none. 3: nor is one that another day is told by.
    version: 3,
    settings: { order },
    weight: options.weight,
    expectedProblem: (expected) => (goldMoment(expected) === null ? `not ${WANTED}` : null),
    grade(input) {
      const gold = goldMoment(input.case.expected)
      if (gold === null) return unusableGold(WANTED)
      const text = answerText(input) ?? ''
      const whole = parseMoment(text, order)
      const strict = input.profile === 'reward'
      if (whole !== null)
        return gradeOf(sameMoment(whole, gold, strict) ? 1 : 0, { formatValid: sameParts(whole, gold), extractionRule: 'whole' })
      return strict || gold.time !== null ? gradeOf(0, { formatValid: false }) : gradeOnlyDay(onlyDayIn(text, order), gold)
    },
  })
}

function goldMoment(expected: JsonValue): WrittenMoment | null {
  return typeof expected === 'string' && /^\d{4}-\d{2}-\d{2}|^\d{2}:/.test(expected) ? parseMoment(expected, null) : null
}

function gradeOnlyDay(found: string | null, gold: WrittenMoment): Grade {
  return found === null
    ? gradeOf(0, { formatValid: false })
    : gradeOf(found === gold.day ? 1 : 0, { formatValid: false, extractionRule: 'only-date' })
}

function sameMoment(given: WrittenMoment, gold: WrittenMoment, strict: boolean): boolean {
  if (strict && !sameParts(given, gold)) return false
  const bothOffsets = given.offsetMinutes !== null && gold.offsetMinutes !== null
  if (bothOffsets && given.day !== null && gold.day !== null) return instant(given) === instant(gold)
  return (
    given.day === gold.day &&
    (gold.time === null || given.time === gold.time) &&
    (!bothOffsets || given.offsetMinutes === gold.offsetMinutes)
  )
}

function sameParts(given: WrittenMoment, gold: WrittenMoment): boolean {
  const shape = ({ day, time, offsetMinutes }: WrittenMoment): string => [day, time, offsetMinutes].map((part) => part === null).join()
  return shape(given) === shape(gold)
}

function instant({ day, time, offsetMinutes }: WrittenMoment): number {
  return Date.parse(`${day}T${time}Z`) - (offsetMinutes ?? 0) * 60_000
}

export const dateCard: GraderCard<typeof date> = {
  make: date,
  family: 'value',
  compares: 'a day, time or both as people write them',
  expected: 'ISO 8601',
  rewardDemands: 'nothing but it, with exactly the expected parts',
  partialCredit: 'no',
  example: { make: () => date(), expected: '2026-11-23', right: '23 November 2026', wrong: '24 November 2026' },
}
