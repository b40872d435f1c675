import { expect, test } from 'vitest'
import { exactMatch } from '../../src/grader/exact-match.ts'
import { inputOf, gradeWith, rewards } from './grade-with.ts'

test('exactMatch() gives 1 for the expected text, white space at the ends aside', () => {
  expect(rewards(exactMatch(), ' yes\n', 'yes')).toEqual([1, 1])
  expect(rewards(exactMatch(), 'Yes', 'yes')).toEqual([0, 0])
  expect(rewards(exactMatch(), 'yes, I think', 'yes')).toEqual([0, 0])
  expect(rewards(exactMatch(), '', 'yes')).toEqual([0, 0])
})

test('exactMatch() with ignoreCase is lenient in profile eval only', () => {
  const grader = exactMatch({ ignoreCase: true })
  expect(rewards(grader, 'YES  sir', 'yes sir')).toEqual([1, 0])
  expect(rewards(grader, 'ＹＥＳ', 'yes')).toEqual([1, 0])
})

test('exactMatch() compares numbers and booleans by their JSON text', () => {
  expect(rewards(exactMatch(), '12', 12)).toEqual([1, 1])
  expect(rewards(exactMatch(), 'true', true)).toEqual([1, 1])
  expect(rewards(exactMatch(), '12.0', 12)).toEqual([0, 0])
})

test('exactMatch() takes what the parser made of the completion', () => {
  expect(exactMatch().grade(inputOf('Answer: 7', '7', 'eval', '7'))).toMatchObject({ reward: 1 })
  expect(exactMatch().grade(inputOf('7', '7', 'eval', { answer: 7 }))).toMatchObject({ reward: 0, formatValid: false })
})

test('exactMatch() cannot grade a case whose expected answer is an object', () => {
  expect(gradeWith(exactMatch(), 'x', { a: 1 })).toEqual({
    reward: null,
    subRewards: {},
    formatValid: null,
    extractionRule: null,
    errors: [{ code: 'GOLD_UNUSABLE', message: "the case's expected answer is not a text, number or boolean" }],
  })
})
