/**
 * @file The settings of the grader "runs-tests", checked. What a test may be is code/case-tests.ts's business.
 */
import { z } from 'zod'
import type { RunsTestsOptions } from '../runs-tests.ts'
import { ABOVE_ZERO, checkOptions, choice, COMMON, FLAG, TEXT } from './check-options.ts'

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
