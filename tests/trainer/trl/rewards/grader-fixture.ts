/** @file A grader server over a small eval, and a client that speaks HTTP to it. Text is letters, one token each; token 0 ends a completion. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CaseInput } from '../../../../src/eval/case.ts'
import { defineEval } from '../../../../src/eval/define-eval.ts'
import type { Eval, EvalOptions } from '../../../../src/eval/eval.ts'
import { loadEval } from '../../../../src/eval/load-eval.ts'
import { graders } from '../../../../src/grader/graders.ts'
import { createErrorNotes, createRewardFunction, type RewardedEvals } from '../../../../src/grading/reward-function.ts'
import { startGraderServer, type GraderServer, type GraderServerOptions } from '../../../../src/trainer/trl/rewards/server.ts'
import type { GraderServices } from '../../../../src/trainer/trl/rewards/verdict.ts'
import type { RewardMessage } from '../../../../src/trainer/trl/protocol.ts'

export const STOP = 0

/** Token ids of a text, with the stop token. */
export const tokens = (text: string): number[] => Array.from(text, (letter) => letter.charCodeAt(0)).concat(STOP)

const TRAIN: readonly CaseInput[] = Array.from({ length: 8 }, (_, n) => ({
  id: `t${n}`,
  input: `${n}+1`,
  expected: String(n + 1),
  role: 'train',
}))
const OTHERS: readonly CaseInput[] = [
  { id: 'd', input: '20+1', expected: '21', role: 'dev' },
  { id: 'g', input: '30+1', expected: '31', role: 'gate' },
  { id: 'w', input: 'one and thirty', expected: '31', role: 'twin', twinOf: 'g' },
]

/** Sums "n+1" as cases t0 to t7, and one case of each other role. */
export function sums(changes: Partial<EvalOptions> = {}): Promise<Eval> {
  const options = { name: 'sums', cases: [...TRAIN, ...OTHERS], prompt: '{{input}}', graders: [graders.number()], ...changes }
  return loadEval(defineEval(options), { origin: 'sums.eval.ts' })
}

/** Services over real evals, with their errors. */
export function servicesOf(definitions: Eval | RewardedEvals): GraderServices {
  const { onGrade, whyUngraded } = createErrorNotes()
  return { grade: createRewardFunction(definitions, onGrade), whyUngraded }
}

/** An item of a message about case `t<index>`. */
export function item(index: number, text: string, changes: Partial<RewardMessage['items'][number]> = {}): RewardMessage['items'][number] {
  return { index, eval: '', caseId: `t${index}`, tokenIds: tokens(text), finishReason: 'stop', ...changes }
}

export interface HttpAnswer {
  readonly status: number
  readonly body: unknown
  readonly headers: Headers
}

export interface Bench {
  readonly directory: string
  start(options: Partial<GraderServerOptions> & Pick<GraderServerOptions, 'services'>): Promise<GraderServer>
  /** Closes all servers and removes the directory. */
  close(): Promise<void>
}

/** A directory of its own and the servers that were started on it. */
export function openBench(): Bench {
  const directory = mkdtempSync(join(tmpdir(), 'holdfast-graders-'))
  const servers: GraderServer[] = []
  return {
    directory,
    start: async (options) => {
      const place = { run: 'r1', round: '01-sums', arm: 'grpo', graderHash: 'abcd', directory }
      const decode = (ids: readonly number[]): string => String.fromCodePoint(...ids)
      const server = await startGraderServer({ ...place, decode, stopIds: [STOP], ...options })
      servers.push(server)
      return server
    },
    close: async () => {
      for (const server of servers) await server.close()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

/** Posts a value as JSON, or bytes as they are. */
export async function post(server: GraderServer, path: string, body: unknown, init: RequestInit = {}): Promise<HttpAnswer> {
  const response = await fetch(`${server.url}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${server.token}` },
    body: typeof body === 'string' || body instanceof ReadableStream ? body : JSON.stringify(body),
    ...init,
  })
  return { status: response.status, body: await response.json(), headers: response.headers }
}

/** Asks for rewards of step 3, rank 0. */
export function ask(server: GraderServer, items: RewardMessage['items'], place: Partial<RewardMessage> = {}): Promise<HttpAnswer> {
  return post(server, '/rewards', { step: 3, rank: 0, ...place, items })
}

/** A promise with its resolver. */
export function gateway(): { readonly opened: Promise<void>; readonly open: () => void } {
  let open: () => void = () => {}
  const opened = new Promise<void>((resolve) => (open = resolve))
  return { opened, open }
}

/** Waits until `isTrue` holds. */
export async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise((resolve) => setTimeout(resolve, 5))
}
