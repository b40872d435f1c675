/**
 * @file The failures of models behind a server: out of reach, refusing, answering nonsense, not starting, or serving other weights than it should.
 */
import { defineError } from '../../base/errors.ts'
import { quoteUntrusted } from '../../base/untrusted-text.ts'
import { LONGEST_ASKED_MS } from './retry-delay.ts'

const QUOTED_LENGTH = 300
const LOG_LINES = 12

/** No answer after all retries. */
export class ServerUnreachableError extends defineError('SERVER_UNREACHABLE', ({ where, reason }: { where: string; reason: string }) => ({
  summary: `The model server gave no usable answer: ${quoteUntrusted(reason, QUOTED_LENGTH)}`,
  where,
  fix: 'see that the server runs and that its address and port are right; a server that Holdfast started writes server.log',
})) {}

/** An answer that no later try will better. `status` is HTTP's, `serverCode` the server's own word for it. */
export class ServerRefusedError extends defineError(
  'SERVER_REFUSED',
  (data: { where: string; status: number; serverCode: string | null; text: string }) => ({
    summary: `The model server refused with status ${data.status}: ${quoteUntrusted(data.text, QUOTED_LENGTH)}`,
    where: data.where,
    fix: fixOf(data),
  }),
) {}

function fixOf({ status, serverCode }: { readonly status: number; readonly serverCode: string | null }): string {
  if (status === 401 || status === 403) return 'give the token that the server was started with'
  if (status === 404) return 'ask for a model that the server lists under /v1/models, on a server of the OpenAI kind'
  if (serverCode === 'out_of_memory') return 'use a smaller model, 4-bit weights, fewer new tokens, or a device with more memory'
  return 'the server says what it did not accept; its log may say more'
}

/** An account that may not be answered until somebody pays or raises a limit. */
export class ServerQuotaError extends defineError(
  'SERVER_QUOTA_EXHAUSTED',
  ({ where, status, text }: { where: string; status: number; text: string }) => ({
    summary: `The model server's account has used up what it may: status ${status}, ${quoteUntrusted(text, QUOTED_LENGTH)}`,
    where,
    fix: 'add credit or raise the limit with whoever runs the server (waiting does not help), then go on: every answer that came is kept',
  }),
) {}

/** A server that asks for a longer wait than anybody should sit through. */
export class ServerPauseTooLongError extends defineError(
  'SERVER_PAUSE_TOO_LONG',
  ({ where, status, text, askedMs }: { where: string; status: number; text: string; askedMs: number }) => ({
    summary: `The model server asks for a wait of ${inWords(askedMs)}: status ${status}, ${quoteUntrusted(text, QUOTED_LENGTH)}`,
    where,
    fix: `go on after that time, or with a key that may ask more: every answer that came is kept (waits up to ${inWords(LONGEST_ASKED_MS)} are sat through)`,
  }),
) {}

/** A server that has turned everything away for long. */
export class ServerBusyError extends defineError(
  'SERVER_BUSY',
  ({ where, busyMs, reason }: { where: string; busyMs: number; reason: string }) => ({
    summary: `The model server has turned every request away for ${inWords(busyMs)}, the last with: ${quoteUntrusted(reason, QUOTED_LENGTH)}`,
    where,
    fix: 'go on when it has room, or with a key that may ask more: every answer that came is kept',
  }),
) {}

function inWords(ms: number): string {
  const [count, unit] = ms >= 5_400_000 ? [ms / 3_600_000, 'hour'] : ms >= 90_000 ? [ms / 60_000, 'minute'] : [ms / 1000, 'second']
  const shown = Number(count.toFixed(1))
  return `${shown} ${unit}${shown === 1 ? '' : 's'}`
}

/** An answer that is not what the interface promises. */
export class ServerAnswerInvalidError extends defineError(
  'SERVER_ANSWER_INVALID',
  ({ where, problem }: { where: string; problem: string }) => ({
    summary: `The model server's answer cannot be used: ${quoteUntrusted(problem, QUOTED_LENGTH)}`,
    where,
    fix: "point at vLLM or at Holdfast's own server; others may not return token ids",
  }),
) {}

/** A server that Holdfast started and that ended, or was not ready in time. `log` holds the last lines that it wrote. */
export class ServerStartFailedError extends defineError(
  'SERVER_START_FAILED',
  ({ where, problem, log }: { where: string; problem: string; log: readonly string[] }) => {
    const shown = log.map((line) => `\n           ${quoteUntrusted(line, 200)}`)
    return {
      summary: `The model server ${problem}; ${shown.length === 0 ? 'its log is empty' : `its log ends with${shown.join('')}`}`,
      where,
      fix: 'mend what the log names, or run npx holdfast doctor',
    }
  },
) {
  constructor({ where, problem, log }: { where: string; problem: string; log: string }) {
    const lines = log.split('\n').filter((line) => line.trim() !== '')
    super({ where, problem, log: lines.slice(-LOG_LINES) })
  }
}

/** The weights that are served under a name are not those that were trained. */
export class CanaryDiffersError extends defineError('CANARY_DIFFERS', ({ name, problem }: { name: string; problem: string }) => ({
  summary: `The model served as ${quoteUntrusted(name, 120)} is not the one that was trained: ${problem}`,
  where: 'canary.json beside the adapter',
  fix: 'nothing was graded with it; start the server anew, with the base, revision and precision that the adapter was trained on',
})) {}
