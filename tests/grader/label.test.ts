import { expect, test } from 'vitest'
import { label } from '../../src/grader/label.ts'
import { gradeWith, rewards } from './grade-with.ts'

const urgency = label({ labels: ['routine', 'urgent', 'not urgent', 'C++'] })

test.each([
  ['urgent', 'urgent', [1, 1]],
  [' URGENT\n', 'urgent', [1, 1]],
  ['not  urgent', 'not urgent', [1, 1]],
  ['routine', 'urgent', [0, 0]],
  ['"urgent".', 'urgent', [1, 0]],
  ['**urgent**', 'urgent', [1, 0]],
  ['This is routine.', 'routine', [1, 0]],
  ['This is routine.', 'urgent', [0, 0]],
  ['routine or urgent', 'urgent', [0, 0]],
  ['It is not urgent', 'urgent', [0, 0]],
  ['It is not urgent', 'not urgent', [1, 0]],
  ['urgent? No: not urgent', 'not urgent', [0, 0]],
  ['insurgents', 'urgent', [0, 0]],
  ['urgent-ish', 'urgent', [0, 0]],
  ['use C++ here', 'C++', [1, 0]],
  ['', 'urgent', [0, 0]],
  ['urgеnt', 'urgent', [0, 0]], // a Cyrillic е
])('label() rewards %j for %j with %j (eval, reward)', (text, gold, wanted) => {
  expect(rewards(urgency, text, gold)).toEqual(wanted)
})

test('label() takes labels with hyphens and slashes', () => {
  const grader = label({ labels: ['non-urgent', 'n/a', 'urgent'] })
  expect(rewards(grader, 'non-urgent', 'non-urgent')).toEqual([1, 1])
  expect(rewards(grader, 'This is non-urgent.', 'non-urgent')).toEqual([1, 0])
  expect(rewards(grader, 'It says n/a here', 'n/a')).toEqual([1, 0])
  expect(rewards(grader, 'It is urgent.', 'non-urgent')).toEqual([0, 0])
})

test('label() tells which rule found the label and whether the form was right', () => {
  expect(gradeWith(urgency, 'urgent', 'urgent')).toMatchObject({ formatValid: true, extractionRule: 'whole' })
  expect(gradeWith(urgency, 'urgent.', 'urgent')).toMatchObject({ formatValid: true, extractionRule: 'unquoted' })
  expect(gradeWith(urgency, 'I say routine', 'routine')).toMatchObject({ formatValid: false, extractionRule: 'only-label' })
  expect(gradeWith(urgency, 'no idea', 'routine')).toMatchObject({ formatValid: false, extractionRule: null })
})

test('label() cannot grade a case whose expected answer is no label', () => {
  expect(gradeWith(urgency, 'x', 'soon').errors).toEqual([
    { code: 'GOLD_UNUSABLE', message: "the case's expected answer is not one of the labels routine, urgent, not urgent, C++" },
  ])
})

test('label() refuses labels that could not be told apart', () => {
  for (const labels of [[], ['a', ''], ['Yes', 'yes '], ['\ufb01ne', 'fine']])
    expect(() => label({ labels })).toThrow('a label is missing, empty or there twice')
})

test('label() says of an expected answer that is none of its labels, before anything is graded', () => {
  const grader = label({ labels: ['Open', 'closed'] })
  expect(grader.expectedProblem?.('OPEN')).toBe(null)
  expect(grader.expectedProblem?.('clsed')).toBe('not one of the labels Open, closed')
  expect(grader.expectedProblem?.(null)).toBe('not one of the labels Open, closed')
})
