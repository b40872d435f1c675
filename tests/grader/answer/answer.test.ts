import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { JsonValue } from '../../../src/base/json.ts'
import { answer } from '../../../src/grader/answer.ts'
import { gradeWith, inputOf, rewards } from '../grade-with.ts'

test.each<readonly [string, JsonValue, readonly (number | null)[]]>([
  ['1/20', '.05', [1, 1]],
  ['0.05', 0.05, [1, 1]],
  ['1e21', 1e21, [1, 1]],
  ['$\\frac{1}{20}$', '5 x 10^-2', [1, 1]],
  ['So it is \\boxed{1/20}.', '.05', [1, 1]],
  ['3 of 60\n#### 1/20', '.05', [1, 1]],
  ['The answer is 1/20.', '.05', [1, 0]],
  ['We get 1/20', '.05', [1, 0]],
  ['1/20', '.5', [0, 0]],
  ['May 5', 'May 5', [1, 1]],
  ['Paris', 'paris', [1, 1]],
  ['It is Paris', 'Paris', [0, 0]],
  ['Answer: 5', 'Answer: 5', [1, 1]],
  ['\\boxed{5 pounds} \\boxed{£5}', '5 lb', [1, 1]],
  ['(B) 42 apples', 'B', [1, 0]],
  ['5 or 6', '5', [0, 0]],
  ['\\boxed{5} or \\boxed{6}', '6', [0, 0]],
  ['\\boxed{5} or \\boxed{6}', '6 or 5', [1, 1]],
  ['\\boxed{1} and \\boxed{-2}', '1, -2', [1, 1]],
  ['$\\boxed{1}$, $\\boxed{-2}$', '1, -2', [1, 1]],
  ['\\boxed{-2} and \\boxed{1}', '1, -2', [0, 0]],
  ['\\boxed{1} and \\boxed{-2} and \\boxed{3}', '1, -2', [0, 0]],
  ['First \\boxed{1}. Later \\boxed{-2}', '1, -2', [0, 0]],
  ['It is not \\boxed{5}', '5', [0, 0]],
  ['not 14', '14', [0, 0]],
  ['It is not 14.', '14', [0, 0]],
  ["It isn't $14$.", '14', [0, 0]],
  ['The answer is not 14.', '14', [0, 0]],
  ['Final Answer: The largest $n$ is 34.', '34', [1, 0]],
  ['The largest $n$ is 34.', '34', [1, 0]],
  ['Final Answer: The largest $n$ is not 34.', '34', [0, 0]],
  ['**Final Answer**\n34', '34', [1, 0]],
  ['A. Paris', 'A', [1, 0]],
  ['A', 'A. Paris', [1, 1]],
  ['12345678901234567891', '12345678901234567890', [0, 0]],
  ['\\boxed{2+3}', '5', [1, 0]],
  ['\\boxed{1,2,3,4,5}', '5', [0, 0]],
  ['x = 5', '5', [1, 0]],
  ['5', 'x = 5', [1, 1]],
  ['18', '6 times 3 is 18, of 20.\n#### 18', [1, 1]],
  ['18', 'Thus \\boxed{18}.', [1, 1]],
  ['20', '6 times 3 is 18, of 20.\n#### 18', [0, 0]],
  ['5', ['6', 5], [1, 1]],
  ['7', ['6', 5], [0, 0]],
  ['', '5', [0, 0]],
])('answer() rewards %j for %j with %j (eval, reward)', (text, gold, wanted) => {
  expect(rewards(answer(), text, gold)).toEqual(wanted)
})

test.each([
  ['1/20', 'whole', true],
  ['\\boxed{.05}', 'boxed', true],
  ['#### .05', 'marker', true],
  ['The answer is .05', 'phrase', false],
  ['We get 0.05 here', 'last-number', false],
  ['\\boxed{.06}', 'boxed', true],
  ['nothing\nat all', null, false],
] as const)('answer() says that the answer of %j was found by %j, with form %j', (text, extractionRule, formatValid) => {
  expect(gradeWith(answer(), text, '.05')).toMatchObject({ extractionRule, formatValid, errors: [] })
})

const PIECES = [
  ...[
    '5',
    '6',
    '5 lb',
    '£5',
    '5 pounds',
    '1, 2',
    '{2, 1}',
    '2+3',
    'x=5',
    '5%',
    'A',
    'A. Paris',
    'Paris',
    '\\frac12',
    '0.5',
    '(2,\\infty)',
    'x>2',
  ],
  ...['\\boxed{5}', '\\boxed{6}', '\\boxed{£5}', '\\boxed{5 pounds}', '\\boxed{2+3}', '\\boxed{', '#### 5', '#### 6', '\n', '\n#### x=5'],
  ...[
    ' and ',
    ' or ',
    ', ',
    '. ',
    ' is ',
    ' not ',
    'The answer is ',
    'Final Answer: ',
    'Answer: ',
    '$',
    '$5$',
    '{"answer": 5}',
    '<think>',
    '-',
  ],
]
const pieces = fc.array(fc.constantFrom(...PIECES), { minLength: 1, maxLength: 6 }).map((parts) => parts.join(''))

test('answer() never passes in reward what it fails in eval', () => {
  const settings = [
    {},
    { percent: 'value' },
    { listOrder: 'free' },
    { missingUnit: 'accept' },
    { field: 'answer' },
    { decimalMark: 'comma' },
  ] as const
  fc.assert(
    fc.property(pieces, fc.oneof(fc.constantFrom(...PIECES), pieces), fc.constantFrom(...settings), (text, gold, options) => {
      fc.pre(gold.trim() !== '')
      const [lenient, strict] = rewards(answer(options), text, gold)
      expect((strict ?? 0) <= (lenient ?? 0)).toBe(true)
    }),
    { numRuns: 2_000 },
  )
})

test('answer() passes its policies on', () => {
  expect(rewards(answer({ percent: 'value' }), '5%', '.05')).toEqual([1, 1])
  expect(rewards(answer(), '5%', '.05')).toEqual([0, 0])
  expect(rewards(answer({ units: ['length'] }), '5000 m', '5 km')).toEqual([1, 1])
  expect(rewards(answer({ missingUnit: 'accept' }), '5', '5 km')).toEqual([1, 1])
  expect(rewards(answer({ listOrder: 'free' }), '2, 1', '1, 2')).toEqual([1, 1])
  expect(rewards(answer({ decimalMark: 'comma' }), '3,14', 3.14)).toEqual([1, 1])
  expect(rewards(answer({ decimalMark: 'comma' }), '1,234', 1.234)).toEqual([1, 1])
  expect(rewards(answer({ decimalMark: 'comma' }), '1.234', 1.234)).toEqual([0, 0])
  expect(rewards(answer({ decimalMark: 'comma' }), 'Das macht 3,14 in allem', '3,14')).toEqual([1, 0])
  expect(rewards(answer(), '3,14', 3.14)).toEqual([0, 0])
  expect(rewards(answer({ evaluate: true }), '2+3', '5')).toEqual([1, 1])
  expect(rewards(answer({ evaluate: false }), '2+3', '5')).toEqual([0, 0])
})

test('answer() looks only where it is told to', () => {
  expect(rewards(answer({ extract: ['boxed'] }), '5', '5')).toEqual([0, 0])
  expect(rewards(answer({ extract: ['boxed'] }), '\\boxed{5}', '5')).toEqual([1, 1])
  expect(rewards(answer({ extract: ['phrase'] }), 'The answer is 5.', '5')).toEqual([1, 1])
  expect(rewards(answer({ marker: 'ANSWER:' }), 'so\nANSWER: 5', '5')).toEqual([1, 1])
  expect(rewards(answer({ field: 'answer' }), '{"answer": 5}', '5')).toEqual([1, 1])
})

test('answer() reads every digit of a number in a field', () => {
  const grader = answer({ field: 'id' })
  expect(rewards(grader, '{"id": 12345678901234567890}', '12345678901234567890')).toEqual([1, 1])
  expect(rewards(grader, '{"id": 12345678901234567891}', '12345678901234567890')).toEqual([0, 0])
})

test("answer() takes the field of what the eval's parser made", () => {
  const grader = answer({ field: 'answer' })
  expect(grader.grade(inputOf('ignored', '1/2', 'reward', { answer: 0.5 }))).toMatchObject({ reward: 1 })
  expect(grader.grade(inputOf('ignored', '1/2', 'reward', { other: 0.5 }))).toMatchObject({ reward: 0 })
})

test.each<JsonValue>([null, true, '', ' ', [], ['5', ''], ['5', null], { a: 1 }])(
  'answer() cannot grade a case that expects %j',
  (expected) => {
    expect(gradeWith(answer(), '5', expected).errors).toEqual([
      { code: 'GOLD_UNUSABLE', message: "the case's expected answer is not a text or number, or a list of them" },
    ])
  },
)

test('answer() keeps its settings for its identity, without name and weight', () => {
  expect(answer({ percent: 'value', name: 'result', weight: 2 })).toMatchObject({
    name: 'result',
    kind: 'answer',
    weight: 2,
    settings: { percent: 'value' },
  })
})
