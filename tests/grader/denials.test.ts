import { expect, test } from 'vitest'
import type { JsonValue } from '../../src/base/json.ts'
import type { Grader } from '../../src/eval/grader.ts'
import { graders } from '../../src/grader/graders.ts'
import { gradeWith, rewards } from './grade-with.ts'

/** Graders whose profile "eval" looks for the answer in a text, with an answer and one that is another. */
const LENIENT: readonly (readonly [grader: Grader, gold: JsonValue, answer: string, other: string])[] = [
  [graders.label({ labels: ['urgent', 'routine'] }), 'urgent', 'urgent', 'routine'],
  [graders.number(), 14, '14', '15'],
  [graders.number({ unit: 'mg' }), 14, '14 mg', '15 mg'],
  [graders.answer(), '14', '14', '15'],
  [graders.answer(), '1/2', '$\\frac{1}{2}$', '$\\frac{1}{3}$'],
  [graders.date(), '2026-11-23', 'Nov 23, 2026', 'Nov 24, 2026'],
  [graders.isoDate(), '2026-11-23', '2026-11-23', '2026-11-24'],
  [graders.jsonMatch(), { dose: 14 }, '{"dose": 14}', '{"dose": 15}'],
  [graders.jsonSchema({ schema: { required: ['dose'] } }), null, '{"dose": 14}', '{"drug": 14}'],
  [graders.toolCall(), { name: 'book', arguments: {} }, '{"name": "book"}', '{"name": "pay"}'],
  [graders.oneOf(), ['urgent', 'now'], 'urgent', 'routine'],
  [graders.exactMatch({ ignoreCase: true }), 'urgent', 'urgent', 'routine'],
]
const DENIED = [
  'It is not X.',
  'The answer is not X',
  "The answer isn't X.",
  'not X',
  'This is not the answer: X',
  'It can never be X.',
  'It is no longer X.',
  'It cannot be X.',
  'I do not think that the answer is X.',
  'Anything but X.',
  'Y rather than X.',
  'X? No, Y.',
  'X? No.',
  'X. No, wait, that is wrong.',
  'X is wrong.',
  'X is not the answer.',
  'It is Y, not X.',
  '<think>X</think>',
  '<think>X',
  '<think>It must be X</think> Y',
  'I cannot say.\n<think>\nX',
]

test.each(LENIENT)(
  'a grader that looks for an answer does not take one that is denied or only thought ($kind)',
  (grader, gold, answer, other) => {
    for (const form of DENIED) {
      const text = form.replaceAll('X', answer).replaceAll('Y', other)
      expect(rewards(grader, text, gold), text).toEqual([0, 0])
    }
  },
)

test.each(LENIENT.slice(0, 10))(
  'a grader that looks for an answer still finds one that the text stands by ($kind)',
  (grader, gold, answer) => {
    for (const form of [
      'The answer is X.',
      'I was not sure, but it is X.',
      'No doubt: X',
      'No fever.\nAnswer: X',
      '<think>no</think>\nIt is X',
    ])
      expect(gradeWith(grader, form.replaceAll('X', answer), gold).reward, form).toBe(1)
  },
)

const NUMBER_MEANS_ANOTHER = [
  'at least 14',
  'less than 14',
  'It is more than $14.',
  '> 14',
  '14 or more',
  '14 million',
  '13 or 14',
  'between 13 and 14',
  '13 to 14',
  '13-14',
  '13/14',
  '√14',
  'I first thought 14.',
]
test('number() and answer() take no bound, range, alternative or multiple of a number for the number', () => {
  for (const grader of [graders.number(), graders.answer()])
    for (const text of NUMBER_MEANS_ANOTHER) expect(rewards(grader, text, 14), text).toEqual([0, 0])
  for (const text of [
    'about 14',
    '≈ 14',
    '7 + 7 = 14',
    'From 3 of 14 -> 14',
    '13 < 14, so it is 14',
    '14 apples',
    'not 15 but 14',
    'step 1: 14',
  ])
    expect(gradeWith(graders.number(), text, 14).reward, text).toBe(1)
})

test('label() takes no guess, condition, question or denial in another language for the label', () => {
  const urgent = graders.label({ labels: ['urgent', 'routine'] })
  for (const text of [
    'maybe urgent',
    'It could be urgent',
    'Is it urgent?',
    'If it were urgent, I would say so',
    'barely urgent',
    'less than urgent',
    'I refuse to say urgent',
    'urgent does not fit',
    'urgent = false',
    '"urgent" is the wrong label',
    'There is no urgent.',
    'Das ist nicht urgent',
    "Ce n'est pas urgent",
    'No es urgent',
    'не urgent',
    'niet urgent',
    'urgent değil',
    '不是 urgent',
    'urgent ではない',
  ])
    expect(gradeWith(urgent, text, 'urgent').reward, text).toBe(0)
  for (const text of [
    'Is it urgent? Yes.',
    'Es ist urgent',
    'It is probably urgent',
    'Without a doubt urgent',
    'urgent, not routine',
    'No question: urgent',
  ])
    expect(gradeWith(urgent, text, 'urgent').reward, text).toBe(1)
})

test('date() takes no day that only another one is told by', () => {
  for (const text of [
    'before 2026-11-23',
    'after 23 November 2026',
    'the day after 2026-11-23',
    '2026-11-23 minus one day',
    'nicht am 23.11.2026',
  ])
    expect(gradeWith(graders.date(), text, '2026-11-23').reward, text).toBe(0)
  expect(gradeWith(graders.date(), 'It is valid until 23 November 2026.', '2026-11-23').reward).toBe(1)
})

test('no grader of JSON takes an object that has a name twice', () => {
  expect(rewards(graders.jsonMatch(), '{"dose": 15, "dose": 14}', { dose: 14 })).toEqual([0, 0])
  expect(rewards(graders.jsonMatch(), String.raw`{"a": {"dose": 14}, "b": [{"dos\u0065": 15, "dose": 14}]}`, { a: { dose: 14 } })).toEqual([
    0, 0,
  ])
  expect(rewards(graders.jsonMatch(), '{"a": "dose", "dose": "a", "b": {"a": "x:"}}', { dose: 'a' })).toEqual([1, 0])
  expect(rewards(graders.jsonSchema({ schema: { required: ['dose'] } }), '{"dose": 15, "dose": 14}', null)).toEqual([0, 0])
  const call = '{"name": "book", "arguments": {"dose": 15, "dose": 14}}'
  expect(rewards(graders.toolCall(), call, { name: 'book', arguments: { dose: 14 } })).toEqual([0, 0])
  expect(rewards(graders.toolCall(), `<tool_call>${call}</tool_call>`, { name: 'book', arguments: { dose: 14 } })).toEqual([0, 0])
})

test('list() and set() give nothing for items that their heading or last line takes back', () => {
  for (const grader of [graders.list(), graders.set({ credit: 'all' })]) {
    for (const text of ['It is not: apple, fig', 'These are the wrong answers:\n- apple\n- fig', '- apple\n- fig\nScratch that.'])
      expect(rewards(grader, text, ['apple', 'fig']), text).toEqual([0, 0])
    expect(gradeWith(grader, 'Fruits that are not ripe: apple and fig', ['apple', 'fig']).reward).toBe(1)
  }
})

test('contains() and regex() look for texts, denied or not, as their contract says', () => {
  expect(rewards(graders.contains(), 'It is not urgent', 'urgent')).toEqual([1, 1])
  expect(gradeWith(graders.regex({ pattern: 'urgent' }), 'It is not urgent', null).reward).toBe(1)
  expect(rewards(graders.contains(), '<think>urgent</think> routine', 'urgent')).toEqual([0, 0])
  expect(gradeWith(graders.regex({ pattern: 'urgent' }), '<think>urgent</think> routine', null).reward).toBe(0)
})

test.each([
  'Tuesday, 23 November 2026',
  'Tue, Nov 23rd, 2026',
  'Tuesday the 23rd of November, 2026',
  'It is on Tuesday, 23 November 2026.',
  'Tuesday 2026-11-23',
  '2026-11-23, a Tuesday',
  '2026-11-23 (Tue)',
  '23.11.2026, which is a Tuesday',
  'Tuesday, 23 November 2026, in short 2026-11-23',
])('date() and isoDate() refuse %j, which was a Monday', (text) => {
  expect(rewards(graders.date(), text, '2026-11-23')).toEqual([0, 0])
  expect(gradeWith(graders.isoDate(), text, '2026-11-23').reward).toBe(text.endsWith('in short 2026-11-23') ? 1 : 0)
})

test('date() takes a day with its own weekday wherever it stands', () => {
  for (const text of [
    'It is on Monday, 23 November 2026.',
    '2026-11-23, a Monday',
    '2026-11-23 (Mon)',
    'Mon 2026-11-23',
    'Monday the 23rd of November, 2026',
  ])
    expect(gradeWith(graders.date(), text, '2026-11-23').reward, text).toBe(1)
})
