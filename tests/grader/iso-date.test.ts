import { expect, test } from 'vitest'
import { isoDate } from '../../src/grader/iso-date.ts'
import { isCalendarDay } from '../../src/grader/quantity/calendar-day.ts'
import { gradeWith, rewards } from './grade-with.ts'

test.each([
  ['2026-11-23', '2026-11-23', [1, 1]],
  [' 2026-11-23\n', '2026-11-23', [1, 1]],
  ['2026-11-24', '2026-11-23', [0, 0]],
  ['23.11.2026', '2026-11-23', [0, 0]],
  ['On 2026-11-23 at noon', '2026-11-23', [1, 0]],
  ['2026-11-23 or 2026-11-24', '2026-11-23', [0, 0]],
  ['2026-11-23, I repeat 2026-11-23', '2026-11-23', [1, 0]],
  ['2026-11-231', '2026-11-23', [0, 0]],
  ['２０２６-11-23', '2026-11-23', [0, 0]],
])('isoDate() rewards %j for %j with %j (eval, reward)', (text, gold, wanted) => {
  expect(rewards(isoDate(), text, gold)).toEqual(wanted)
})

test('isCalendarDay() knows the lengths of months and leap years', () => {
  expect(['2024-02-29', '2026-02-29', '2026-04-31', '2026-13-01', '0000-01-01', '2026-1-1'].map(isCalendarDay)).toEqual([
    true,
    false,
    false,
    false,
    true,
    false,
  ])
})

test('isoDate() cannot grade a case whose expected answer is no day', () => {
  expect(gradeWith(isoDate(), '2026-11-23', '2026-02-30').errors).toEqual([
    { code: 'GOLD_UNUSABLE', message: "the case's expected answer is not a day like 2026-11-23" },
  ])
})
