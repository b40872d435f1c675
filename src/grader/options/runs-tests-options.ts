/**
 * @file The settings of the grader "runs-tests", and their check. What a test may be is code/case-tests.ts's business.
 */
import { z } from 'zod'
import type { TestSource } from '../code/case-tests.ts'
import type { PythonSandbox } from '../python.ts'
import { ABOVE_ZERO, checkOptions, choice, COMMON, FLAG, TEXT } from './check-options.ts'

/** Settings of `runsTests`. */
export interface RunsTestsOptions {
  readonly language: 'javascript' | 'python'
  /** The same tests for every case. Default: the case's expected answer, which is tests or `{ tests, entry }`. */
  readonly tests?: TestSource
  /** Name of the tested function. Default: the case's `entry`, else the last function of the code. */
  readonly entry?: string
  readonly name?: string
  readonly weight?: number
  /** For all tests of a completion; one test may take a quarter of it. Default 8000. */
  readonly timeoutMs?: number
  /** Default 64 for JavaScript, 1024 for Python. */
  readonly memoryMb?: number
  /** The interpreter of Python code. Default: HOLDFAST_PYTHON, else python3. */
  readonly python?: string
  /** Whether Python code may import installed packages. Default false. */
  readonly packages?: boolean
  /** Default "required": without a sandbox there is no grade, with the code SANDBOX_UNAVAILABLE. */
  readonly sandbox?: PythonSandbox
}

/** @throws GraderOptionsError */
export function checkRunsTestsOptions(options: RunsTestsOptions): void {
  checkOptions<RunsTestsOptions>('runsTests', options, {
    ...COMMON,
    language: choice('javascript', 'python'),
    tests: z
      .union([TEXT, z.array(z.unknown())], 'must be the text of a program, or a list of assertions and of { args, expected }')
      .optional(),
    entry: TEXT.optional(),
    timeoutMs: ABOVE_ZERO.optional(),
    memoryMb: ABOVE_ZERO.optional(),
    python: TEXT.optional(),
    packages: FLAG.optional(),
    sandbox: choice('required', 'none-i-trust-this-code').optional(),
  })
}
