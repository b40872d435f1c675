/**
 * @file A small real hub on this machine: it answers the requests that the hub's client makes for info, listing and files.
 */
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What the hub does with one file: how it is served may differ from what the listing promises. */
export interface ServedFile {
  readonly content: string
  /** Listed as a large file with its checksum. */
  readonly large?: boolean
  /** `cut`: the connection ends half-way; `wrong`: other bytes of the same length. */
  readonly fault?: 'cut' | 'wrong'
}

export interface HubServer {
  readonly url: string
  /** May be changed while the server runs. */
  readonly files: Map<string, ServedFile>
  /** Paths of the files that were asked for in full. */
  readonly served: string[]
  close(): Promise<void>
}

export const COMMIT = '0123456789abcdef0123456789abcdef01234567'

/** Serves `files` as the only repository, "org/thing", both as model and as data set. */
export async function startHub(files: Readonly<Record<string, ServedFile>>): Promise<HubServer> {
  const map = new Map(Object.entries(files))
  const served: string[] = []
  const server = createServer((request, response) => answer(request, response, { files: map, served }))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const close = async (): Promise<void> => {
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  }
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, files: map, served, close }
}

function answer(request: IncomingMessage, response: ServerResponse, hub: Pick<HubServer, 'files' | 'served'>): void {
  const path = decodeURIComponent(new URL(request.url ?? '', 'http://x').pathname)
  const file = /\/org\/thing\/resolve\/[^/]+\/(.+)$/.exec(path)?.[1]
  if (/^\/api\/(models|datasets)\/org\/thing\/revision\//.test(path)) return json(response, { _id: '1', id: 'org/thing', sha: COMMIT })
  if (/^\/api\/(models|datasets)\/org\/thing\/tree\//.test(path)) return json(response, [...hub.files].map(listed))
  const found = file === undefined ? undefined : hub.files.get(file)
  if (file === undefined || found === undefined) {
    response.writeHead(404, { 'X-Error-Code': file === undefined ? 'RepoNotFound' : 'EntryNotFound' }).end()
    return
  }
  serve(request, response, { file: found, noteServed: () => hub.served.push(file) })
}

function serve(
  request: IncomingMessage,
  response: ServerResponse,
  { file, noteServed }: { file: ServedFile; noteServed: () => void },
): void {
  const body = Buffer.from(file.fault === 'wrong' ? file.content.replaceAll(/./g, '?') : file.content)
  if (request.headers.range === 'bytes=0-0') {
    response.writeHead(206, { 'Content-Range': `bytes 0-0/${Buffer.byteLength(file.content)}`, ETag: '"e"' }).end(body.subarray(0, 1))
    return
  }
  noteServed()
  response.writeHead(200, { 'Content-Length': body.length })
  if (file.fault !== 'cut') response.end(body)
  else response.write(body.subarray(0, body.length >> 1), () => setTimeout(() => response.destroy(), 20))
}

function listed([path, { content, large }]: [string, ServedFile]): unknown {
  const size = Buffer.byteLength(content)
  const oid = createHash('sha256').update(content).digest('hex')
  return { type: 'file', oid: 'abc', path, size, ...(large ? { lfs: { oid, size, pointerSize: 100 } } : {}) }
}

function json(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(value))
}
