/**
 * @file Grades code with a grader of tests, and finds out whether this machine can confine Python.
 */
import type { JsonValue } from '../../../src/base/json.ts'
import type { Grade, Grader, GradingProfile } from '../../../src/eval/grader.ts'
import { python } from '../../../src/grader/python.ts'
import { runsTests } from '../../../src/grader/runs-tests.ts'
import { inputOf } from '../grade-with.ts'

/** The grade of a text by a grader that takes its time. */
export async function gradeLater(grader: Grader, text: string, expected: JsonValue, profile: GradingProfile = 'eval'): Promise<Grade> {
  return grader.grade(inputOf(text, expected, profile))
}

/** The reward of code by tests. Code that is made to never end gets a short time. */
export async function rewardOf(
  language: 'javascript' | 'python',
  code: string,
  tests: JsonValue,
  timeoutMs = 8000,
): Promise<number | null> {
  return (await gradeLater(runsTests({ language, timeoutMs }), code, tests)).reward
}

/** Whether Python code can run confined here; says in one line when not. A HOLDFAST_PYTHON that cannot be used is an error. */
export async function canConfinePython(): Promise<boolean> {
  const { errors } = await gradeLater(python({ source: 'def grade(sample, item):\n  return 1' }), '', null)
  const [error] = errors
  if (error === undefined) return true
  if (error.code === 'PYTHON_MISSING' && (process.env['HOLDFAST_PYTHON'] ?? '') !== '') throw new Error(error.message)
  if (error.code !== 'PYTHON_MISSING' && error.code !== 'SANDBOX_UNAVAILABLE') throw new Error(`${error.code} ${error.message}`)
  console.log(`skipped: ${error.code}, ${error.message}`)
  return false
}
