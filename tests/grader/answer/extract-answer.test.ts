import { expect, test } from 'vitest'
import { extractAnswer } from '../../../src/grader/answer/extract-answer.ts'
import type { ExtractOptions } from '../../../src/grader/answer/extract-answer.ts'

test.each([
  ['So it is \\boxed{\\frac{1}{2}}.', '\\frac{1}{2}', 'boxed'],
  ['\\boxed{1} then \\boxed{2}', '2', 'boxed'],
  ['\\boxed{\\{1,2\\}}', '\\{1,2\\}', 'boxed'],
  ['\\fbox{7} of 9', '7', 'boxed'],
  ['6 * 3 = 18\n#### 18', '18', 'marker'],
  ['#### 18\nor #### 19\n', '19', 'marker'],
  ['The answer is 42.', '42', 'phrase'],
  ['The answer is **42**.', '42', 'phrase'],
  ['Final answer: 3.5 km', '3.5 km', 'phrase'],
  ['Answer: Paris', 'Paris', 'phrase'],
  ['The answer is 5, because 7 is too many.', '5', 'phrase'],
  ['First the answer is 3.\nNo, the answer is 4.', '4', 'phrase'],
  ['Final answer: the largest number of them is 34.', '34', 'phrase'],
  ['Final Answer: The largest $n$ is 34.', '34', 'phrase'],
  ['So the largest $n$ is 34.', '34', 'last-number'],
  ['\\boxed{1} and \\boxed{-2}', '1 and -2', 'boxed'],
  ['$\\boxed{1}$, $\\boxed{2}$ or $\\boxed{3}$', '1, 2 or 3', 'boxed'],
  ['\\boxed{1} \\text{ and } \\boxed{2}', '1 and 2', 'boxed'],
  ['\\boxed{1} and \\boxed{1}', '1', 'boxed'],
  ['$$\\boxed{(2, 2)} \\quad \\text{and} \\quad \\boxed{(6, 2)}$$', '(2, 2) and (6, 2)', 'boxed'],
  ['\\(\\boxed{1}\\) and \\(\\boxed{-2}\\).', '1 and -2', 'boxed'],
  ['Therefore $x \\geq 5$ is the solution.', 'x \\geq 5', 'formula'],
  ['Thus \\(1\\) or rather \\(2\\) of them.', '2', 'formula'],
  ['It costs $5 and later $6 to enter.', '6', 'last-number'],
  ['Her answer pleased 3 people', '3', 'last-number'],
  ['1/20', '1/20', 'whole'],
  ['  {1, 2}  ', '{1, 2}', 'whole'],
  ['Paris', 'Paris', 'whole'],
  ['It costs $18 in 2 shops.', '2', 'last-number'],
  ['She pays $1,018.50.', '1,018.50', 'last-number'],
  ['That makes 3/4 of them.', '3/4', 'last-number'],
  ['That makes \\frac{3}{4} of them.', '\\frac{3}{4}', 'last-number'],
  ['That makes -5 degrees.', '-5', 'last-number'],
  ['That makes 5% of 20 or so, 5\\% then.', '5\\%', 'last-number'],
] as const)('extractAnswer() in eval finds the answer of %j: %j by %s', (text, answer, rule) => {
  expect(extractAnswer(text)).toEqual({ answer, rule })
})

test.each(['', 'on 2026-11-23 we saw room A12 of 10:30\n', 'no number here\nat all', '\\boxed{1', 'a \\boxed{1} and \\boxed{2'])(
  'extractAnswer() in eval finds nothing in %j',
  (text) => {
    expect(extractAnswer(text)).toBe(null)
  },
)

test.each([
  ['\\boxed{5}', '5', 'boxed'],
  ['I think it is \\boxed{5}, that is \\boxed{5.0}.', '5', 'boxed'],
  ['2 + 3 is 5\n#### 5\n\n', '5', 'marker'],
  ['\\boxed{5}\n#### 5', '5', 'boxed'],
  [' 5 ', '5', 'whole'],
] as const)('extractAnswer() in reward finds the declared answer of %j: %j by %s', (text, answer, rule) => {
  expect(extractAnswer(text, { profile: 'reward' })).toEqual({ answer, rule })
})

test.each([
  '\\boxed{5}, hence \\boxed{6}',
  'not \\boxed{5}',
  '#### 5\n#### 6',
  '#### 5\nor maybe 6',
  '####',
  '\\boxed{5}\n#### 6',
  '#### 5 #### 5',
  '\\boxed{5',
])('extractAnswer() in reward finds no answer in %j: it hedges, or its place holds none', (text) => {
  expect(extractAnswer(text, { profile: 'reward' })).toBe(null)
})

test('extractAnswer() in reward takes prose for the whole answer, never for the place of one', () => {
  const text = 'The answer is 5.'
  expect(extractAnswer(text, { profile: 'reward' })).toEqual({ answer: text, rule: 'whole' })
})

test.each<readonly [string, ExtractOptions, string | null]>([
  ['{"reason": "2 + 3", "answer": 5}', { field: 'answer' }, '5'],
  ['Here: {"answer": "1/2"}', { field: 'answer' }, '1/2'],
  ['Here: {"answer": "1/2"}', { field: 'answer', profile: 'reward' }, 'Here: {"answer": "1/2"}'],
  ['{"answer": "1/2"}', { field: 'answer', profile: 'reward' }, '1/2'],
  ['{"answer": [1, 2]}', { field: 'answer', profile: 'reward' }, null],
  ['{"other": 1}', { field: 'toString' }, null],
  ['steps\nANSWER 7', { marker: 'ANSWER' }, '7'],
  ['\\boxed{5} and later 6', { rules: ['last-number'] }, '6'],
  ['\\boxed{5} is not 6', { rules: ['last-number'] }, null],
  ['it is not $6$', { rules: ['formula'] }, null],
  ['Es sind 3,14', { rules: ['last-number'], decimalMark: 'comma' }, '3,14'],
  ['the answer is 5', { rules: ['boxed', 'marker'] }, null],
  ['so the answer is 5', { rules: ['phrase'], profile: 'reward' }, '5'],
])('extractAnswer() of %j with %j gives %j', (text, options, answer) => {
  expect(extractAnswer(text, options)?.answer ?? null).toBe(answer)
})
