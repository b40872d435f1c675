/**
 * @file What every-profile.test.ts asks of every grader, of the one that starts a process for each answer.
 */
import { expect, test } from 'vitest'
import { python } from '../../src/grader/python.ts'
import { canConfinePython } from './code/grade-code.ts'
import { inputOf } from './grade-with.ts'

const SAME = python({ source: 'def grade(sample, item):\n    return 1.0 if sample["output_text"] == item["expected"] else 0.25' })

test.skipIf(!(await canConfinePython())).each([
  ['yes', 1],
  ['no', 0.25],
  ['It is not yes.', 0.25],
  ['```\nyes\n```', 0.25],
])('python() is not told the profile: %j earns %d in both', async (text, reward) => {
  const grades = [await SAME.grade(inputOf(text, 'yes', 'eval')), await SAME.grade(inputOf(text, 'yes', 'reward'))]
  expect(grades.map((grade) => grade.reward)).toEqual([reward, reward])
})
