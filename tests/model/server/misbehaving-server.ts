/**
 * @file A local HTTP server that answers as it is told, request by request.
 */
import { createServer } from 'node:http'
import type { ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A request as it came. */
export interface SeenRequest {
  readonly path: string
  readonly authorization: string | undefined
  readonly body: unknown
}

export type Step = (response: ServerResponse) => void

export interface MisbehavingServer {
  readonly url: string
  readonly seen: readonly SeenRequest[]
  close(): Promise<void>
}

/** Answers in the order of `steps`; the last one answers everything after it. */
export async function startMisbehavingServer(steps: readonly Step[]): Promise<MisbehavingServer> {
  const seen: SeenRequest[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const step = steps[Math.min(seen.length, steps.length - 1)] as Step
      const text = Buffer.concat(chunks).toString()
      seen.push({ path: request.url ?? '', authorization: request.headers.authorization, body: text === '' ? null : JSON.parse(text) })
      step(response)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

/** An answer in JSON. */
export function json(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Step {
  return (response) => response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
}

/** An answer in other text than it says. */
export function text(status: number, content: string, type = 'application/json'): Step {
  return (response) => response.writeHead(status, { 'content-type': type }).end(content)
}

/** The connection is cut before an answer. */
export const cut: Step = (response) => response.destroy()

/** Nothing ever comes. */
export const silent: Step = () => {}
