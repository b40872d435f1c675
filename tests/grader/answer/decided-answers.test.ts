/**
 * @file Pairs that decide between two readings of one line of code: each fails where the line reads otherwise.
 */
import { expect, test } from 'vitest'
import { answersEqual } from '../../../src/grader/answer/compare-answers.ts'

test.each([
  // Letter case counts in words of up to three capitals, and in no longer ones.
  ['USA', 'usa', false],
  ['COD', 'cod', false],
  ['Paris', 'PARIS', true],
  // A capital U between intervals unites them, before either bracket.
  ['(1,2) U [3,4]', '(1,2) ∪ [3,4]', true],
  ['(1,2) U (3,4)', '(1,2)\\cup(3,4)', true],
  ['(1,2) U (3,4)', '(1,2)\\cup(3,5)', false],
  // The last factor of a root may be the square of a large prime.
  ['\\sqrt{100140049}', '10007', true],
  ['\\sqrt{2*100140049}', '10007\\sqrt{2}', true],
  ['\\sqrt{100140049}', '10008', false],
  // A number before a fraction of numbers is added to it, before another fraction multiplied.
  ['3 \\frac{1}{2}', '3.5', true],
  ['3 \\frac{1}{2}', '1.5', false],
  ['3\\frac{x}{2}', '\\frac{3x}{2}', true],
  // A chain between two numbers is an interval; with its own variable at the end it is none.
  ['3>x>1', '(1,3)', true],
  ['1<x<x', '(1,3)', false],
  // Out of its range a binomial coefficient stays as it is.
  ['\\binom{5}{2}', '10', true],
  ['\\binom{3}{3}', '1', true],
  ['\\binom{3}{5}', '0', false],
  ['\\binom{5}{-1}', '0', false],
  ['\\binom{-5}{2}', '15', false],
  ['-\\infty', '\\infty', false],
  ['+\\infty', '\\infty', true],
  ['(x+1)^{-1}', '\\frac{1}{x+1}', true],
  ['e^{\\ln 12}', '12', true],
  ['e^{\\ln 12}', '13', false],
  // Only a tuple in round brackets gives each name its value.
  ['(x,y) = (1,2)', 'x=1, y=2', true],
  ['[x,y] = [1,2]', 'x=1, y=2', false],
  // A formula of chemistry is known by its capitals.
  ['CoCl2', 'cocl2', false],
  ['NaCl', 'nacl', false],
])('answersEqual() of %j and %j is %s', (a, b, equal) => {
  expect([answersEqual(a, b), answersEqual(b, a)]).toEqual([equal, equal])
})

test.each([
  ['e^{i\\pi}', '-1'],
  ['\\sqrt{4}', '2'],
  ['\\sqrt{8}', '2\\sqrt{2}'],
  ['\\frac{-4}{2}', '-2'],
  ['\\frac{-2}{4}', '-1/2'],
  ['-4/2', '-2'],
])('answersEqual() of %j and %j: equal in eval, work left undone in reward', (answer, gold) => {
  const equal = (profile: 'eval' | 'reward') => answersEqual(answer, gold, { profile })
  expect([equal('eval'), equal('reward')]).toEqual([true, false])
})

test('answersEqual() with percent as a value changes amounts in percent and no others', () => {
  const equal = (answer: string, gold: string) => answersEqual(answer, gold, { percent: 'value' })
  expect([equal('5%', '0.05'), equal('300%', '3'), equal('5 km', '0.05 km'), equal('5 km', '0.05')]).toEqual([true, true, false, false])
})
