import { expect, test } from 'vitest'
import { oneOf } from '../../src/grader/one-of.ts'
import { gradeWith, messageOf, rewards } from './grade-with.ts'

test.each([
  ['Paris', ['Paris', 'City of Light'], [1, 1]],
  [' City of Light\n', ['Paris', 'City of Light'], [1, 1]],
  ['paris', ['Paris'], [1, 0]],
  ['"Paris".', ['Paris'], [1, 0]],
  ['Paris, City of Light', ['Paris', 'City of Light'], [0, 0]],
  ['In Paris', ['Paris'], [0, 0]],
  ['', ['Paris'], [0, 0]],
  ['12', [12, 'twelve'], [1, 1]],
  ['true', true, [1, 1]],
  ['Paris', 'Paris', [1, 1]],
  ['e.g', ['e.g.'], [1, 0]],
])('oneOf() rewards %j for %j with %j (eval, reward)', (text, gold, wanted) => {
  expect(rewards(oneOf(), text, gold)).toEqual(wanted)
})

test('oneOf() with values accepts them whatever the case expects', () => {
  expect(rewards(oneOf({ values: ['yes', 'no'] }), 'no', 'yes')).toEqual([1, 1])
  expect(rewards(oneOf({ values: ['yes', 'no'] }), 'maybe', 'maybe')).toEqual([0, 0])
})

test('oneOf() cannot grade without accepted answers', () => {
  for (const gold of [[], null, {}, ['a', ['b']]])
    expect(gradeWith(oneOf(), 'a', gold).errors).toEqual([
      { code: 'GOLD_UNUSABLE', message: "the case's expected answer is not a list of texts, numbers or booleans" },
    ])
  expect(messageOf(() => oneOf({ values: [] }))).toBe(
    'GRADER_OPTIONS_INVALID  The settings of a grader are not usable: no answer is accepted\n' +
      '  where  graders.oneOf({ … }), <here>\n  fix    give values with at least one answer, or none at all',
  )
})
