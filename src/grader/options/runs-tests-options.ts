/**
 * @file The settings of the grader "runs-tests", checked.
 */
import { z } from 'zod'
import type { RunsTestsOptions } from '../runs-tests.ts'
import { ABOVE_ZERO, checkOptions, choice, COMMON, FLAG, members, TEXT } from './check-options.ts'

/** @throws GraderOptionsError */
export function checkRunsTestsOptions(options: RunsTestsOptions): void {
  const pair = members({
    args: z.array(z.unknown()).optional(),
    input: z.unknown().optional(),
    expected: z.unknown(),
    output: z.unknown().optional(),
  })
  const test = z.custom((value) => typeof value === 'string' || pair.safeParse(value).success, 'must be an assertion or { args, expected }')
  checkOptions<RunsTestsOptions>('runsTests', options, {
    ...COMMON,
    language: choice('javascript', 'python'),
    tests: z.union([TEXT, z.array(test)], 'must be the text of a program, or a list of assertions and of { args, expected }').optional(),
    entry: TEXT.optional(),
    timeoutMs: ABOVE_ZERO.optional(),
    memoryMb: ABOVE_ZERO.optional(),
    python: TEXT.optional(),
    packages: FLAG.optional(),
    sandbox: choice('required', 'none-i-trust-this-code').optional(),
  })
}
