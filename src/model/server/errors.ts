/**
 * @file The failures of models behind a server: out of reach, refusing, answering nonsense, not starting, or serving other weights than it should.
 */
import { HoldfastError } from '../../base/errors.ts'
import { quoteUntrusted } from '../../base/untrusted-text.ts'
import { LONGEST_ASKED_MS } from './retry-delay.ts'

const QUOTED_LENGTH = 300
const LOG_LINES = 12

/** No answer after all retries. */
export class ServerUnreachableError extends HoldfastError {
  constructor(where: string, reason: string, cause?: unknown) {
    super({
      code: 'SERVER_UNREACHABLE',
      summary: `The model server gave no usable answer: ${quoteUntrusted(reason, QUOTED_LENGTH)}`,
      where,
      fix: 'see that the server runs and that its address and port are right; a server that Holdfast started writes server.log',
      cause,
    })
  }
}

/** An answer that no later try will better. `status` is HTTP's, `serverCode` the server's own word for it. */
export class ServerRefusedError extends HoldfastError {
  readonly status: number
  readonly serverCode: string | null

  constructor(where: string, refusal: { readonly status: number; readonly code: string | null; readonly text: string }) {
    super({
      code: 'SERVER_REFUSED',
      summary: `The model server refused with status ${refusal.status}: ${quoteUntrusted(refusal.text, QUOTED_LENGTH)}`,
      where,
      fix: fixOf(refusal),
    })
    this.status = refusal.status
    this.serverCode = refusal.code
  }
}

function fixOf({ status, code }: { readonly status: number; readonly code: string | null }): string {
  if (status === 401 || status === 403) return 'give the token that the server was started with'
  if (status === 404) return 'ask for a model that the server lists under /v1/models, on a server of the OpenAI kind'
  if (code === 'out_of_memory') return 'use a smaller model, 4-bit weights, fewer new tokens, or a device with more memory'
  return 'the server says what it did not accept; its log may say more'
}

/** An account that may not be answered until somebody pays or raises a limit. */
export class ServerQuotaError extends HoldfastError {
  constructor(where: string, refusal: { readonly status: number; readonly text: string }) {
    super({
      code: 'SERVER_QUOTA_EXHAUSTED',
      summary: `The model server's account has used up what it may: status ${refusal.status}, ${quoteUntrusted(refusal.text, QUOTED_LENGTH)}`,
      where,
      fix: 'add credit or raise the limit with whoever runs the server (waiting does not help), then go on: every answer that came is kept',
    })
  }
}

/** A server that asks for a longer wait than anybody should sit through. */
export class ServerPauseTooLongError extends HoldfastError {
  constructor(where: string, refusal: { readonly status: number; readonly text: string }, askedMs: number) {
    super({
      code: 'SERVER_PAUSE_TOO_LONG',
      summary: `The model server asks for a wait of ${inWords(askedMs)}: status ${refusal.status}, ${quoteUntrusted(refusal.text, QUOTED_LENGTH)}`,
      where,
      fix: `go on after that time, or with a key that may ask more: every answer that came is kept (waits up to ${inWords(LONGEST_ASKED_MS)} are sat through)`,
    })
  }
}

/** A server that has turned everything away for long. */
export class ServerBusyError extends HoldfastError {
  constructor(where: string, busyMs: number, reason: string) {
    super({
      code: 'SERVER_BUSY',
      summary: `The model server has turned every request away for ${inWords(busyMs)}, the last with: ${quoteUntrusted(reason, QUOTED_LENGTH)}`,
      where,
      fix: 'go on when it has room, or with a key that may ask more: every answer that came is kept',
    })
  }
}

function inWords(ms: number): string {
  const [count, unit] = ms >= 5_400_000 ? [ms / 3_600_000, 'hour'] : ms >= 90_000 ? [ms / 60_000, 'minute'] : [ms / 1000, 'second']
  const shown = Number(count.toFixed(1))
  return `${shown} ${unit}${shown === 1 ? '' : 's'}`
}

/** An answer that is not what the interface promises. */
export class ServerAnswerInvalidError extends HoldfastError {
  constructor(where: string, problem: string, cause?: unknown) {
    super({
      code: 'SERVER_ANSWER_INVALID',
      summary: `The model server's answer cannot be used: ${quoteUntrusted(problem, QUOTED_LENGTH)}`,
      where,
      fix: "point at vLLM or at Holdfast's own server; others may not return token ids",
      cause,
    })
  }
}

/** A server that Holdfast started and that ended, or was not ready in time. */
export class ServerStartFailedError extends HoldfastError {
  constructor(where: string, problem: string, log: string) {
    const lines = log.split('\n').filter((line) => line.trim() !== '')
    const shown = lines.slice(-LOG_LINES).map((line) => `\n           ${quoteUntrusted(line, 200)}`)
    super({
      code: 'SERVER_START_FAILED',
      summary: `The model server ${problem}; ${shown.length === 0 ? 'its log is empty' : `its log ends with${shown.join('')}`}`,
      where,
      fix: 'mend what the log names, or run npx holdfast doctor',
    })
  }
}

/** The weights that are served under a name are not those that were trained. */
export class CanaryDiffersError extends HoldfastError {
  constructor(name: string, problem: string) {
    super({
      code: 'CANARY_DIFFERS',
      summary: `The model served as ${quoteUntrusted(name, 120)} is not the one that was trained: ${problem}`,
      where: 'canary.json beside the adapter',
      fix: 'nothing was graded with it; start the server anew, with the base, revision and precision that the adapter was trained on',
    })
  }
}
