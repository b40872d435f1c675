/**
 * @file Downloads one file of a hub repository: under a temporary name, going on where an earlier try stopped, checked, then renamed.
 */
import { createWriteStream } from 'node:fs'
import { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout } from 'node:timers/promises'
import { isHubFile } from './check-hub-file.ts'
import { DownloadInterruptedError, HubUnreachableError } from './download-errors.ts'
import { isHoldfastError } from './errors.ts'
import { DiskFullError, errorCodeOf } from './file-errors.ts'
import { hubFailure } from './hub-failure.ts'
import { HUB_TRIES, hubFetch, HubRequestFailure, reasonOf } from './hub-fetch.ts'
import { describeRepository, isHubOffline, repositoryPage, type HubRepository } from './hub-repository.ts'
import type { HubFile } from './list-hub-files.ts'
import { PartialFile } from './partial-file.ts'
import { quoteUntrusted } from './untrusted-text.ts'

const TRIES = 4
const FIRST_WAIT_MS = 250
/** A try that brought so much does not count. */
const PROGRESS_BYTES = 2 ** 20
/** So long a connection may give nothing. */
const SILENCE_LIMIT_MS = 60_000

/** One file of a repository. */
export interface HubDownload {
  readonly repository: HubRepository
  readonly file: HubFile
  /** Ends the download; what has arrived is kept. */
  readonly signal?: AbortSignal
}

const underWay = new Map<string, Promise<void>>()

/**
 * Puts the file at `path`, whole or not at all. Who asks for a file that this process is fetching already waits for that.
 * @throws DownloadInterruptedError, HubNotFoundError, HubAccessError, HubUnreachableError, DiskFullError
 */
export function downloadHubFile(download: HubDownload, path: string): Promise<void> {
  const work = underWay.get(path) ?? fetchWhole(download, path).finally(() => underWay.delete(path))
  underWay.set(path, work)
  return work
}

async function fetchWhole(download: HubDownload, path: string): Promise<void> {
  const { repository, file } = download
  const where = describeRepository(repository)
  if (isHubOffline())
    throw new HubUnreachableError({ reason: 'HF_HUB_OFFLINE is set', where: `file ${quoteUntrusted(file.path)} of ${where}` })
  const part = new PartialFile(path)
  let problem = ''
  for (let attempt = 1; attempt <= TRIES; attempt++) {
    const before = part.sizeBytes
    try {
      problem = await receive(download, part)
    } catch (cause) {
      if (isHoldfastError(cause)) throw cause
      if (errorCodeOf(cause) === 'ENOSPC') throw new DiskFullError({ path }, { cause })
      problem = quoteUntrusted(reasonOf(cause), 100)
    }
    if (problem === '') return part.finish(path)
    if (download.signal?.aborted === true) break
    // A connection that breaks now and then brings a long file home all the same.
    if (part.sizeBytes - before >= PROGRESS_BYTES) attempt = 1
    if (attempt < TRIES) await setTimeout(FIRST_WAIT_MS * 2 ** (attempt - 1))
  }
  throw new DownloadInterruptedError({ path: file.path, where, problem })
}

/** Fetches what the part lacks; gives what is wrong then, or nothing. */
async function receive(download: HubDownload, part: PartialFile): Promise<string> {
  const { file } = download
  if (part.sizeBytes > file.size) part.begin(null)
  if (part.sizeBytes < file.size || file.size === 0) await append(download, part)
  if (part.sizeBytes < file.size) return `${part.sizeBytes} of ${file.size} bytes arrived`
  if (await isHubFile(part.path, file)) return ''
  part.begin(null)
  return 'its checksum is wrong'
}

async function append({ repository, file, signal }: HubDownload, part: PartialFile): Promise<void> {
  const start = part.sizeBytes
  const response = await ask({ repository, file, ...(signal === undefined ? {} : { signal }) }, part)
  const goesOn = response.status === 206 && response.headers.get('Content-Range')?.startsWith(`bytes ${start}-`) === true
  if (!goesOn) part.begin(response.headers.get('ETag'))
  const body = response.body === null ? Readable.from([]) : Readable.fromWeb(response.body)
  await pipeline(body, silenceWatch(body), createWriteStream(part.path, { flags: goesOn ? 'a' : 'w', flush: true }))
}

async function ask({ repository, file, signal }: HubDownload, part: PartialFile): Promise<Response> {
  const path = file.path.split('/').map(encodeURIComponent).join('/')
  const url = `${repositoryPage(repository)}/resolve/${encodeURIComponent(repository.revision)}/${path}`
  // Compressed bytes could not be counted or gone on with.
  const headers: Record<string, string> = { 'Accept-Encoding': 'identity' }
  if (part.sizeBytes > 0) headers['Range'] = `bytes=${part.sizeBytes}-`
  if (part.sizeBytes > 0 && part.version !== null) headers['If-Range'] = part.version
  try {
    return await hubFetch(HUB_TRIES)(url, { headers, ...(signal === undefined ? {} : { signal }) })
  } catch (cause) {
    if (cause instanceof HubRequestFailure && cause.status === 416) {
      part.begin(null)
      return ask({ repository, file, ...(signal === undefined ? {} : { signal }) }, part)
    }
    throw hubFailure(cause, repository, file.path)
  }
}

/** Ends a stream that gives nothing for too long. */
function silenceWatch(body: Readable): Transform {
  const watch = (): NodeJS.Timeout =>
    globalThis.setTimeout(() => body.destroy(new Error(`nothing arrived for ${SILENCE_LIMIT_MS / 1000} s`)), SILENCE_LIMIT_MS)
  let timer = watch()
  return new Transform({
    transform(chunk: Buffer, _encoding, done): void {
      timer.refresh()
      done(null, chunk)
    },
    destroy(error, done): void {
      clearTimeout(timer)
      done(error)
    },
  })
}
