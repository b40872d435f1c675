/**
 * @file Failures of the trl trainer that a caller can act on.
 */
import { displayPath } from '../../base/display-path.ts'
import { defineError, HoldfastError } from '../../base/errors.ts'
import { quoteUntrusted } from '../../base/untrusted-text.ts'

/** The part of a run that a runner worked on, and what it wrote. */
interface RunnerPart {
  readonly round: string
  readonly arm: string
  /** Path of runner.log on this machine. */
  readonly log: string
}

interface RunnerFailure extends RunnerPart {
  readonly summary: string
  readonly fix: string
}

const whereOf = ({ round, arm, log }: RunnerPart): string => `round "${round}", arm "${arm}"; ${displayPath(log)}`

/** What the runner may end with. A test compares these with its Python sources. */
export const RUNNER_CODES = [
  'ALL_TRUNCATED',
  'CUDA_MISSING',
  'DEVICE_REFUSED',
  'GRADER_REFUSED',
  'LOSS_NOT_FINITE',
  'METHOD_REFUSED',
  'NOTHING_LEARNABLE',
  'NO_LABELS',
  'NO_PAIRS',
  'NO_TRAINABLE_TENSORS',
  'NO_VARIANCE',
  'OUT_OF_MEMORY',
  'PARENT_REFUSED',
  'REWARDS_MISSING',
  'REWARD_ERRORS',
  'RUNNER_CRASHED',
  'SPEC_INVALID',
  'TOKENS_DIFFER',
  'TOO_FEW_EXAMPLES',
  'TRL_OPTION_OWNED',
  'TRL_OPTION_REFUSED',
  'TRL_OPTION_UNKNOWN',
  'WATCH_UNREACHABLE',
  'ZERO_GRADIENT',
] as const

export type RunnerCode = (typeof RUNNER_CODES)[number] | 'RUNNER_FAILED'

/** The runner ended by itself and said why, with a code of its own. */
export class RunnerFailedError extends HoldfastError<RunnerCode, RunnerFailure> {
  constructor(code: string | null, data: RunnerFailure) {
    super({ code: (code ?? 'RUNNER_FAILED') as RunnerCode, data, summary: data.summary, where: whereOf(data), fix: data.fix })
  }
}

/** The runner ended without a word: killed, out of memory, or its machine went away. */
export class RunnerLostError extends defineError('RUNNER_LOST', (data: RunnerPart & { tail: string }) => ({
  summary: `The trainer's process ended without saying why; its log ends with ${quoteUntrusted(data.tail, 300)}`,
  where: whereOf(data),
  fix: 'go on with --resume: it starts again at the last checkpoint; when it ends the same way, look whether its memory ran out',
})) {}

interface TrlOptionFinding {
  readonly round: string
  readonly arm: string
  readonly summary: string
  readonly fix: string
}

/** TRL does not take an option that is passed through to it, or Holdfast decides it itself; told before anything is trained. */
export class TrlOptionsError extends HoldfastError<RunnerCode, TrlOptionFinding> {
  constructor(code: string, data: TrlOptionFinding) {
    const where = `round "${data.round}", arm "${data.arm}"`
    super({ code: code as RunnerCode, data, summary: data.summary, where, fix: data.fix })
  }
}

/** The runner did not say what it thinks of the options for TRL. */
export class TrlOptionsUncheckedError extends defineError('TRL_OPTIONS_UNCHECKED', ({ output }: { output: string }) => ({
  summary: `The runner could not check the options for TRL; it ended with ${quoteUntrusted(output, 300)}`,
  where: 'trl({ options })',
  fix: 'run `npx holdfast doctor` and mend what it names',
})) {}
