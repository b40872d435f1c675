/**
 * @file Grader "python": a grading program as text, run in a process that can read no file of the user and reach no network.
 */
import { sha256 } from '../base/hash.ts'
import type { Grader } from '../eval/grader.ts'
import { builtIn } from '../eval/user-code.ts'
import { verdictGrade } from './code/verdict-grade.ts'
import { ABOVE_ZERO, checkOptions, choice, COMMON, TEXT } from './options/check-options.ts'
import { rftItem, rftSample } from './rft/template-values.ts'
import type { GraderCard } from './grader-card.ts'

/** How Python code is confined; the second must be written out by who trusts the code. */
export type PythonSandbox = 'required' | 'none-i-trust-this-code'

/** Settings of `python`. */
export interface PythonOptions {
  /** A program with `def grade(sample, item) -> float`, as OpenAI's reinforcement fine-tuning has it. */
  readonly source: string
  readonly name?: string | undefined
  readonly weight?: number | undefined
  /** Default 5000, the start of the interpreter aside. */
  readonly timeoutMs?: number | undefined
  /** Address space. Default 2048. */
  readonly memoryMb?: number | undefined
  /** The interpreter; its installed packages can be imported. Default: HOLDFAST_PYTHON, else python3. */
  readonly python?: string | undefined
  /** Default "required": without a sandbox there is no grade, with the code SANDBOX_UNAVAILABLE. */
  readonly sandbox?: PythonSandbox | undefined
}

const QUEUE_MS = 60_000

/** The reward that a program gives. Both profiles are the same to it. A program that raises or takes too long gives no grade. */
export function python(options: PythonOptions): Grader {
  checkOptions<PythonOptions>('python', options, {
    ...COMMON,
    source: TEXT,
    timeoutMs: ABOVE_ZERO.optional(),
    memoryMb: ABOVE_ZERO.optional(),
    python: TEXT.optional(),
    sandbox: choice('required', 'none-i-trust-this-code').optional(),
  })
  const { source, timeoutMs = 5000, memoryMb = 2048 } = options
  const limits = {
    memoryMb,
    cpuSeconds: Math.ceil(timeoutMs / 1000) + 2,
    packages: true,
    confined: options.sandbox !== 'none-i-trust-this-code',
  }
  return builtIn({
    name: options.name ?? 'python',
    kind: 'python',
    version: 1,
    settings: { source: sha256(source), timeoutMs, memoryMb },
    weight: options.weight,
    timeoutMs: timeoutMs + QUEUE_MS,
    traits: { toRft: () => ({ json: { type: 'python', source } }) },
    async grade(input) {
      const texts = { sampleJson: JSON.stringify(rftSample(input.completion)), itemJson: JSON.stringify(rftItem(input.case)) }
      const { gradeInPython } = await import('./code/python-grade.ts')
      return verdictGrade(await gradeInPython({ source, ...texts, python: options.python, timeoutMs, limits }))
    },
  })
}

export const pythonCard: GraderCard<typeof python> = {
  make: python,
  family: 'code',
  compares: 'what your program gives',
  expected: 'whatever it reads',
  rewardDemands: 'nothing more',
  partialCredit: 'yes',
  example: null,
}
