/**
 * @file Failures of the trl trainer that a caller can act on.
 */
import { displayPath } from '../../base/display-path.ts'
import { HoldfastError } from '../../base/errors.ts'
import { quoteUntrusted } from '../../base/untrusted-text.ts'

interface RunnerPlaceData {
  readonly round: string
  readonly arm: string
  /** Path of runner.log on this machine. */
  readonly log: string
}

const whereOf = ({ round, arm, log }: RunnerPlaceData): string => `round "${round}", arm "${arm}"; ${displayPath(log)}`

/** The runner ended by itself and said why. */
export class RunnerFailedError extends HoldfastError {
  constructor(data: RunnerPlaceData & { readonly code: string | null; readonly summary: string; readonly fix: string }) {
    super({ code: data.code ?? 'RUNNER_FAILED', summary: data.summary, where: whereOf(data), fix: data.fix })
  }
}

/** The runner ended without a word: killed, out of memory, or its machine went away. */
export class RunnerLostError extends HoldfastError {
  constructor(data: RunnerPlaceData & { readonly tail: string }) {
    super({
      code: 'RUNNER_LOST',
      summary: `The trainer's process ended without saying why; its log ends with ${quoteUntrusted(data.tail, 300)}`,
      where: whereOf(data),
      fix: 'go on with --resume: it starts again at the last checkpoint; when it ends the same way, look whether its memory ran out',
    })
  }
}

/** TRL does not take an option that is passed through to it, or Holdfast decides it itself; told before anything is trained. */
export class TrlOptionsError extends HoldfastError {
  constructor(data: {
    readonly code: string
    readonly summary: string
    readonly fix: string
    readonly round?: string
    readonly arm?: string
  }) {
    const where = data.arm === undefined ? 'trl({ options })' : `round "${data.round}", arm "${data.arm}"`
    super({ code: data.code, summary: data.summary, where, fix: data.fix })
  }
}
