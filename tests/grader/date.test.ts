import fc from 'fast-check'
import { expect, test } from 'vitest'
import { date } from '../../src/grader/date.ts'
import { gradeWith, rewards } from './grade-with.ts'

test.each([
  ['2026-11-03', [1, 1]],
  ['2026/11/3', [1, 1]],
  ['20261103', [1, 1]],
  ['3.11.2026', [1, 1]],
  ['3 November 2026', [1, 1]],
  ['3rd of November, 2026', [1, 1]],
  ['Nov. 3, 2026', [1, 1]],
  ['Tuesday, November 3rd, 2026.', [1, 1]],
  ['03-Nov-2026', [1, 1]],
  ['03/11/2026', [0, 0]], // could be March 11
  ['11/03/2026', [0, 0]],
  ['2026-11-04', [0, 0]],
  ['2026-11-31', [0, 0]],
  ['November 2026', [0, 0]],
  ['It is on Nov 3, 2026, as agreed.', [1, 0]],
  ['3.11.2026, that is 2026-11-03', [1, 0]],
  ['3.11.2026 or 4.11.2026', [0, 0]],
  ['2026-11-03 14:30', [1, 0]],
  ['2026-11-03T14:30:00Z', [1, 0]],
  ['12026-11-03', [0, 0]],
  ['', [0, 0]],
])('date() rewards %j for 2026-11-03 with %j (eval, reward)', (text, wanted) => {
  expect(rewards(date(), text, '2026-11-03')).toEqual(wanted)
})

test('date() reads 03/04/2026 only in the declared order, and 23/04/2026 in any', () => {
  expect(rewards(date({ order: 'day-first' }), '03/04/2026', '2026-04-03')).toEqual([1, 1])
  expect(rewards(date({ order: 'month-first' }), '03/04/2026', '2026-03-04')).toEqual([1, 1])
  expect(rewards(date({ order: 'day-first' }), '03/04/2026', '2026-03-04')).toEqual([0, 0])
  expect(rewards(date({ order: 'day-first' }), '04/23/2026', '2026-04-23')).toEqual([0, 0])
  expect(rewards(date(), '23/04/2026', '2026-04-23')).toEqual([1, 1])
  expect(rewards(date(), '4/4/2026', '2026-04-04')).toEqual([1, 1])
})

test.each([
  ['14:30', '14:30', [1, 1]],
  ['2:30 pm', '14:30', [1, 1]],
  ['2.30 P.M.', '14:30', [1, 1]],
  ['2pm', '14:00', [1, 1]],
  ['12 am', '00:00', [1, 1]],
  ['12:15 pm', '12:15', [1, 1]],
  ['2:30', '14:30', [0, 0]],
  ['14', '14:00', [0, 0]],
  ['13 pm', '13:00', [0, 0]],
  ['24:00', '00:00', [0, 0]],
  ['2026-11-03T14:30', '2026-11-03T14:30', [1, 1]],
  ['Nov 3, 2026 at 2:30 pm', '2026-11-03T14:30', [1, 1]],
  ['Nov 3, 2026', '2026-11-03T14:30', [0, 0]],
  ['2026-11-03T15:30+01:00', '2026-11-03T14:30Z', [1, 1]],
  ['2026-11-03T14:30+01:00', '2026-11-03T14:30Z', [0, 0]],
  ['2026-11-04T00:30+02:00', '2026-11-03T22:30:00Z', [1, 1]],
  ['2026-11-03 14:30', '2026-11-03T14:30Z', [1, 0]],
])('date() rewards %j for %j with %j (eval, reward)', (text, gold, wanted) => {
  expect(rewards(date(), text, gold)).toEqual(wanted)
})

test('date() cannot grade a case whose expected answer is not ISO 8601', () => {
  for (const gold of ['3.11.2026', 'soon', 20261103, '2026-13-01'])
    expect(gradeWith(date(), '2026-11-03', gold).errors).toEqual([
      {
        code: 'GOLD_UNUSABLE',
        message: "the case's expected answer is not a day like 2026-11-23, a time like 14:30, or both like 2026-11-23T14:30",
      },
    ])
})

test('date() knows every day however it is written', () => {
  const days = fc.date({ min: new Date('1000-01-01T00:00:00Z'), max: new Date('9999-12-31T00:00:00Z'), noInvalidDate: true })
  fc.assert(
    fc.property(days, (day) => {
      const gold = day.toISOString().slice(0, 10)
      const [year = '', month = '', number = ''] = gold.split('-')
      const name = day.toLocaleString('en-US', { month: 'long', timeZone: 'UTC' })
      const weekday = day.toLocaleString('en-US', { weekday: 'long', timeZone: 'UTC' })
      for (const text of [`${number}.${month}.${year}`, `${name} ${Number(number)}, ${year}`, `${weekday}, ${number} ${name} ${year}`])
        expect(rewards(date(), text, gold)).toEqual([1, 1])
    }),
  )
})
