/**
 * @file A small real hub on this machine: it answers the requests that the hub's client makes for info, listing and files, and misbehaves where it is
 * told to.
 */
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What the hub does with one file: how it is served may differ from what the listing promises. */
export interface ServedFile {
  readonly content: string
  /** Listed as a large file with its checksum. */
  readonly large?: boolean
  /** `cut`: the connection ends half-way, always; `cut-once`: the first time; `wrong`: other bytes of the same length. */
  readonly fault?: 'cut' | 'cut-once' | 'wrong'
  /** Serves the whole file whatever part is asked for. */
  readonly ignoresRange?: boolean
}

/** An answer in the place of the right one. */
export interface OtherAnswer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
}

export interface HubRequest {
  readonly url: string
  readonly headers: IncomingHttpHeaders
}

export interface HubServer {
  readonly url: string
  /** May be changed while the server runs. */
  readonly files: Map<string, ServedFile>
  /** Paths of the files that were asked for. */
  readonly served: string[]
  /** Every request. */
  readonly requests: HubRequest[]
  /** So long each answer waits. */
  delayMs: number
  /** The most requests that were being answered at one time. */
  mostAtOnce: number
  /** Decides which requests are answered otherwise; `null` answers never. */
  otherwise: (request: HubRequest) => OtherAnswer | null | undefined
  close(): Promise<void>
}

export const COMMIT = '0123456789abcdef0123456789abcdef01234567'

/** Serves `files` as the only repository, "org/thing", both as model and as data set. */
export async function startHub(files: Readonly<Record<string, ServedFile>>): Promise<HubServer> {
  const hub: Omit<HubServer, 'url' | 'close'> = {
    files: new Map(Object.entries(files)),
    served: [],
    requests: [],
    delayMs: 0,
    mostAtOnce: 0,
    otherwise: () => undefined,
  }
  let atOnce = 0
  const server = createServer((request, response) => {
    const noted = { url: request.url ?? '', headers: request.headers }
    hub.requests.push(noted)
    hub.mostAtOnce = Math.max(hub.mostAtOnce, ++atOnce)
    response.once('close', () => atOnce--)
    const other = hub.otherwise(noted)
    if (other === undefined) setTimeout(() => answer(request, response, hub), hub.delayMs)
    else if (other !== null) response.writeHead(other.status, other.headers).end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const close = async (): Promise<void> => {
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  }
  return Object.assign(hub, { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close })
}

function answer(request: IncomingMessage, response: ServerResponse, hub: Pick<HubServer, 'files' | 'served'>): void {
  const path = decodeURIComponent(new URL(request.url ?? '', 'http://x').pathname)
  const file = /\/org\/thing\/resolve\/[^/]+\/(.+)$/.exec(path)?.[1]
  if (/^(\/mirror)?\/api\/(models|datasets)\/org\/thing\/revision\//.test(path))
    return json(response, { _id: '1', id: 'org/thing', sha: COMMIT })
  if (/^(\/mirror)?\/api\/(models|datasets)\/org\/thing\/tree\//.test(path)) return json(response, [...hub.files].map(listed))
  const found = file === undefined ? undefined : hub.files.get(file)
  if (file === undefined || found === undefined || path.startsWith('//')) {
    response.writeHead(404, { 'X-Error-Code': file === undefined ? 'RepoNotFound' : 'EntryNotFound' }).end()
    return
  }
  hub.served.push(file)
  const isCut = found.fault === 'cut' || (found.fault === 'cut-once' && hub.served.filter((one) => one === file).length === 1)
  serve(request, response, { file: found, isCut })
}

function serve(request: IncomingMessage, response: ServerResponse, { file, isCut }: { file: ServedFile; isCut: boolean }): void {
  const whole = Buffer.from(file.fault === 'wrong' ? file.content.replaceAll(/./g, '?') : file.content)
  const version = `"${createHash('sha1').update(whole).digest('hex')}"`
  const asked = /^bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1]
  const isSame = request.headers['if-range'] === undefined || request.headers['if-range'] === version
  const start = asked === undefined || file.ignoresRange === true || !isSame ? 0 : Number(asked)
  const body = whole.subarray(start)
  const range = start === 0 ? {} : { 'Content-Range': `bytes ${start}-${whole.length - 1}/${whole.length}` }
  response.writeHead(start === 0 ? 200 : 206, { 'Content-Length': body.length, ETag: version, ...range })
  if (!isCut) response.end(body)
  else response.write(body.subarray(0, body.length >> 1), () => setTimeout(() => response.destroy(), 20))
}

function listed([path, { content, large }]: [string, ServedFile]): unknown {
  const size = Buffer.byteLength(content)
  const oid = createHash('sha256').update(content).digest('hex')
  const blobId = createHash('sha1').update(`blob ${size}\0${content}`).digest('hex')
  return { type: 'file', oid: blobId, path, size, ...(large ? { lfs: { oid, size, pointerSize: 100 } } : {}) }
}

function json(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(value))
}
