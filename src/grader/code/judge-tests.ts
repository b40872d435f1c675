/**
 * @file What became of a candidate's tests: passed, failed, or nothing that anyone could know, because nothing was asserted.
 */
import type { TestedCode, TestOutcome } from './code-results.ts'

/** What the side of the tests says of one test, or of declaring them. */
export interface TestAttempt {
  /** Why it failed; null when it came to its end. */
  readonly error: string | null
  /** Why the tests cannot be run as they are: a feature that is not there, text that is no program. */
  readonly unusable: string | null
  /** Why it skipped itself. */
  readonly skipped: string | null
  /** How many assertions ran. */
  readonly asserted: number
  /** Whether the candidate's code was used so far. */
  readonly asked: boolean
}

/** Reads what the side of the tests said, whose words are believed but may lack some. */
export function readAttempt(said: Readonly<Record<string, unknown>>): TestAttempt {
  const text = (key: string): string | null => (typeof said[key] === 'string' ? said[key] : null)
  return {
    error: text('error'),
    unusable: text('unusable'),
    skipped: text('skipped'),
    asserted: Number(said['asserted'] ?? 0),
    asked: said['asked'] === true,
  }
}

/** One test. A failure of the candidate's program overrules what the test says: it may have caught it. */
export function testOutcome(name: string, { error, skipped, asserted }: TestAttempt, failure: string | null): TestOutcome {
  const reason = failure ?? error
  if (reason !== null) return { name, passed: false, error: reason }
  if (skipped !== null) return { name, passed: null, error: `it skipped itself${skipped === '' ? '' : `: ${skipped}`}` }
  return asserted > 0 ? { name, passed: true, error: null } : { name, passed: null, error: 'it asserts nothing' }
}

/** All tests together: no verdict where one of them says nothing, or where none used the code. */
export function judgedTests(judged: {
  readonly compiles: boolean
  readonly outcomes: readonly TestOutcome[]
  readonly asked: boolean
}): TestedCode {
  const { compiles, outcomes, asked } = judged
  const silent = outcomes.find(({ passed }) => passed === null)
  const reason = silentReason(outcomes, silent, asked)
  if (!compiles || reason === null)
    return { compiles, tests: outcomes.map((test) => ({ ...test, passed: test.passed === true })), problem: null }
  return { compiles, tests: [], problem: { code: 'TESTS_ASSERT_NOTHING', message: reason } }
}

function silentReason(outcomes: readonly TestOutcome[], silent: TestOutcome | undefined, asked: boolean): string | null {
  if (outcomes.length === 0) return 'there is no test in the tests'
  if (silent !== undefined) return `${silent.name}: ${silent.error ?? ''}`
  return asked || outcomes.some(({ passed }) => passed !== true) ? null : 'the tests never use the code'
}
