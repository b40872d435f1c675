/** @file A grader server as the runner sees one, with every way in which it can go wrong. Rewards are the share of even tokens in an answer. */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  rewardMessageSchema,
  watchRequestSchema,
  type GraderAddress,
  type RewardAnswer,
  type RewardMessage,
  type WatchMessage,
} from '../../../src/trainer/trl/protocol.ts'

/** What is sent instead of the right answer; `hang` sends nothing at all. */
export type Instead = 'hang' | 'drop' | { readonly status: number; readonly body?: unknown; readonly headers?: Record<string, string> }

export interface Behaviour {
  /** Called for every message, before it is answered; `attempt` counts messages of the server from 1. */
  readonly onRewards?: (message: RewardMessage, attempt: number) => Instead | void | Promise<Instead | void>
  readonly reward?: (item: RewardMessage['items'][number], message: RewardMessage) => number | null
  readonly onWatch?: (message: WatchMessage) => { readonly stop: boolean; readonly reason: string }
}

export interface TestGraders {
  readonly address: GraderAddress
  readonly asked: RewardMessage[]
  readonly watched: WatchMessage[]
  close(): Promise<void>
}

export const evenShare = ({ tokenIds }: RewardMessage['items'][number]): number =>
  tokenIds.filter((token) => token % 2 === 0).length / tokenIds.length

export async function startTestGraders(behaviour: Behaviour = {}): Promise<TestGraders> {
  const asked: RewardMessage[] = []
  const watched: WatchMessage[] = []
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body: unknown = JSON.parse(await readText(request))
    if (request.headers.authorization !== 'Bearer secret') return send(response, { status: 401, body: { error: 'who are you' } })
    if (request.url === '/watch') {
      const message = watchRequestSchema.parse(body)
      watched.push(message)
      return send(response, { status: 200, body: behaviour.onWatch?.(message) ?? { stop: false, reason: '' } })
    }
    const message = rewardMessageSchema.parse(body)
    asked.push(message)
    const instead = await behaviour.onRewards?.(message, asked.length)
    return send(response, instead ?? { status: 200, body: rewardsOf(message, behaviour.reward ?? evenShare) })
  }
  const server = createServer((request, response) => void answer(request, response).catch(() => response.destroy()))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    address: { url: `http://127.0.0.1:${port}`, token: 'secret' },
    asked,
    watched,
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function rewardsOf(message: RewardMessage, reward: NonNullable<Behaviour['reward']>): RewardAnswer {
  const rewards = message.items.map((item) => {
    const given = reward(item, message)
    return { index: item.index, reward: given, error: given === null ? 'the grader failed' : null }
  })
  return { rewards }
}

function send(response: ServerResponse, instead: Instead): void {
  if (instead === 'hang') return
  if (instead === 'drop') return void response.destroy()
  const body = typeof instead.body === 'string' ? instead.body : JSON.stringify(instead.body ?? {})
  response.writeHead(instead.status, { 'content-type': 'application/json', ...instead.headers })
  response.end(body)
}

async function readText(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of request) text += String(chunk)
  return text
}
