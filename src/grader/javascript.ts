/**
 * @file Grader "javascript": a grading program as text, run in a sandbox without files, network or clock.
 */
import { sha256 } from '../base/hash.ts'
import type { Grader } from '../eval/grader.ts'
import { builtIn } from '../eval/user-code.ts'
import { verdictGrade } from './code/verdict-grade.ts'
import { ABOVE_ZERO, checkOptions, COMMON, TEXT } from './options/check-options.ts'
import { rftItem, rftSample } from './rft/template-values.ts'
import type { GraderCard } from './grader-card.ts'

/** Settings of `javascript`. */
export interface JavaScriptOptions {
  /**
   * A script with a function `grade(sample, item)`, or `grade({ completion, expected, input })`, that gives right or wrong, a number from 0 to 1,
   * `{ reward, subRewards }`, or null for "could not be graded". It may be async; there are no timers, and the clock stands still.
   */
  readonly source: string
  readonly name?: string | undefined
  readonly weight?: number | undefined
  /** Default 1000. */
  readonly timeoutMs?: number | undefined
  /** Default 64. */
  readonly memoryMb?: number | undefined
}

/** Time for waiting behind other completions: the sandbox itself stops the program. */
const QUEUE_MS = 120_000

/** The reward that a program gives. Both profiles are the same to it. A program that throws or takes too long gives no grade. */
export function javascript(options: JavaScriptOptions): Grader {
  checkOptions<JavaScriptOptions>('javascript', options, {
    ...COMMON,
    source: TEXT,
    timeoutMs: ABOVE_ZERO.optional(),
    memoryMb: ABOVE_ZERO.optional(),
  })
  const { source, timeoutMs = 1000, memoryMb = 64 } = options
  return builtIn({
    name: options.name ?? 'javascript',
    kind: 'javascript',
    version: 1,
    settings: { source: sha256(source), timeoutMs, memoryMb },
    weight: options.weight,
    timeoutMs: timeoutMs + QUEUE_MS,
    async grade(input) {
      const whole = { completion: input.completion.text, expected: input.case.expected, input: input.case.input }
      const texts = {
        sampleJson: JSON.stringify(rftSample(input.completion)),
        itemJson: JSON.stringify(rftItem(input.case)),
        inputJson: JSON.stringify(whole),
      }
      const { gradeInSandbox } = await import('./code/javascript-sandbox.ts')
      return verdictGrade(await gradeInSandbox({ kind: 'grade', source, ...texts, memoryMb, timeoutMs }))
    },
  })
}

export const javascriptCard: GraderCard<typeof javascript> = {
  make: javascript,
  family: 'code',
  compares: 'what your program gives',
  expected: 'whatever it reads',
  rewardDemands: 'nothing more',
  partialCredit: 'yes',
  example: null,
}
