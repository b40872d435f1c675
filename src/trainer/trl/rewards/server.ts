/**
 * @file The suite's own graders behind HTTP on this machine, for a trainer in another process: `POST /rewards` and `POST /watch` of `protocol.ts`.
 * Only who has the token may ask. The process in which the evals were loaded grades: nothing of the user's code is shipped.
 */
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { HoldfastError } from '../../../base/errors.ts'
import { quoteUntrusted } from '../../../base/untrusted-text.ts'
import type { CompletionDecoder } from './completion.ts'
import { isAuthorised, readMessage, sendJson } from './http.ts'
import { openRewardJournal } from './journal.ts'
import { DEFAULT_GRADER_LIMITS, type GraderLimits } from './limits.ts'
import type { RewardSource } from './record.ts'
import type { Refusal, Reply } from './refusal.ts'
import { GraderRewards } from './rewards.ts'
import type { GraderServices } from './verdict.ts'
import { GraderWatch } from './watch.ts'
import { rewardMessageSchema, watchRequestSchema } from '../protocol.ts'

/** The training that is served, and what it is served from. */
export interface GraderServerOptions extends CompletionDecoder, Pick<RewardSource, 'run' | 'round' | 'arm'> {
  /** Of all graders of the training, or of those of an eval ('' is the round's own). */
  readonly graderHash: string | RewardSource['graderHash']
  readonly services: GraderServices
  /** The training's directory: `rewards.jsonl` is in it. */
  readonly directory: string
  readonly limits?: Partial<GraderLimits>
}

/** A grader server that listens on loopback. `url` and `token` are what the runner is told. */
export interface GraderServer {
  readonly url: string
  readonly token: string
  readonly port: number
  /** What must end the training, once there is something: a case that may not be rewarded, a failed watch, a full disk. */
  readonly problem: HoldfastError | null
  /** The training goes on from `step`: rewards after it may be asked for with other completions. Same completions keep their rewards. */
  forgetAfter(step: number): void
  /** Ends all connections; what is being graded is dropped. Safe to call twice. @throws DiskFullError, FileWriteError */
  close(): Promise<void>
}

/** Starts a server with a port and a token of its own. @throws DiskFullError, FileWriteError */
export async function startGraderServer(options: GraderServerOptions): Promise<GraderServer> {
  const limits = { ...DEFAULT_GRADER_LIMITS, ...options.limits }
  const token = randomBytes(32).toString('hex')
  let problem: HoldfastError | null = null
  const onProblem = (found: HoldfastError): void => void (problem ??= found)
  const { services, run, round, arm, graderHash } = options
  const source: RewardSource = { run, round, arm, graderHash: typeof graderHash === 'string' ? () => graderHash : graderHash }
  const journal = openRewardJournal(options.directory, source)
  const rewards = new GraderRewards({ services, decoder: options, journal, source, limits, onProblem })
  const watch = new GraderWatch({ services, decoder: options, onProblem })
  const respond = (request: IncomingMessage): Promise<Reply<unknown>> =>
    route({ rewards, watch, bodyBytes: limits.bodyBytes, token }, request)
  const server = createServer((request, response) => void serve(respond, request, response))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  let closing: Promise<void> | null = null
  const close = async (): Promise<void> => {
    const closed = new Promise((resolve) => server.close(resolve))
    server.closeAllConnections()
    try {
      rewards.close()
    } finally {
      await closed
    }
  }
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    token,
    get problem() {
      return problem
    },
    forgetAfter: (step) => {
      rewards.forgetAfter(step)
      watch.forgetAfter(step)
    },
    close: () => (closing ??= close()),
  }
}

interface Routes {
  readonly rewards: GraderRewards
  readonly watch: GraderWatch
  readonly bodyBytes: number
  readonly token: string
}

async function route({ rewards, watch, bodyBytes, token }: Routes, request: IncomingMessage): Promise<Reply<unknown>> {
  if (!isAuthorised(request, token)) return { refusal: UNAUTHORISED }
  if (request.url !== '/rewards' && request.url !== '/watch') return { refusal: NOT_FOUND }
  if (request.method !== 'POST') return { refusal: NOT_ALLOWED }
  if (request.url === '/rewards') {
    const message = await readMessage(request, rewardMessageSchema, bodyBytes)
    return 'refusal' in message ? message : rewards.answer(message.answer)
  }
  const message = await readMessage(request, watchRequestSchema, bodyBytes)
  return 'refusal' in message ? message : watch.answer(message.answer)
}

async function serve(
  respond: (request: IncomingMessage) => Promise<Reply<unknown>>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    const reply = await respond(request)
    if ('answer' in reply) sendJson(response, { status: 200, value: reply.answer })
    else sendRefusal(response, reply.refusal)
  } catch (error) {
    const reason = quoteUntrusted(error instanceof Error ? error.message : String(error), 200)
    sendRefusal(response, { status: 500, code: 'INTERNAL', message: `the request failed: ${reason}` })
  }
}

function sendRefusal(response: ServerResponse, { status, code, message, headers }: Refusal): void {
  sendJson(response, { status, value: { code, error: message }, headers })
}

const UNAUTHORISED: Refusal = {
  status: 401,
  code: 'UNAUTHORISED',
  message: 'the request does not carry the token of this server',
  headers: { 'www-authenticate': 'Bearer' },
}
const NOT_FOUND: Refusal = { status: 404, code: 'NOT_FOUND', message: 'there are POST /rewards and POST /watch' }
const NOT_ALLOWED: Refusal = { status: 405, code: 'NOT_ALLOWED', message: 'only POST is served', headers: { allow: 'POST' } }
