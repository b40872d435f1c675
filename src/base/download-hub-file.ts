/**
 * @file Downloads one file of a hub repository: under a temporary name, checked, then renamed.
 */
import { createHash } from 'node:crypto'
import { createWriteStream, mkdirSync, renameSync } from 'node:fs'
import { dirname } from 'node:path'
import { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { downloadFile } from '@huggingface/hub'
import { DownloadInterruptedError, HubNotFoundError } from './download-errors.ts'
import { isHoldfastError } from './errors.ts'
import { DiskFullError, errorCodeOf } from './file-errors.ts'
import { describeRepository, hubAccess } from './hub-repository.ts'
import type { HubRepository } from './hub-repository.ts'
import type { HubFile } from './list-hub-files.ts'
import { removeQuietly } from './whole-file.ts'
import { quoteUntrusted } from './untrusted-text.ts'

/**
 * Puts the file at `path`, whole or not at all.
 * @throws DownloadInterruptedError, HubNotFoundError, DiskFullError
 */
export async function downloadHubFile(repository: HubRepository, file: HubFile, path: string): Promise<void> {
  const temporary = `${path}.incomplete-${process.pid}`
  const where = describeRepository(repository)
  try {
    mkdirSync(dirname(path), { recursive: true })
    const problem = await fetchTo(temporary, repository, file)
    if (problem !== undefined) throw new DownloadInterruptedError({ path: file.path, where }, problem)
    renameSync(temporary, path)
  } catch (cause) {
    removeQuietly(temporary)
    if (isHoldfastError(cause)) throw cause
    if (errorCodeOf(cause) === 'ENOSPC') throw new DiskFullError(path, cause)
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new DownloadInterruptedError({ path: file.path, where }, quoteUntrusted(reason, 100), cause)
  }
}

/** Streams the file to disk; gives what is wrong with it, if anything. */
async function fetchTo(temporary: string, repository: HubRepository, file: HubFile): Promise<string | undefined> {
  const { type, name, revision } = repository
  const blob = await downloadFile({ repo: { type, name }, revision, path: file.path, ...hubAccess() })
  if (blob === null) throw new HubNotFoundError(`file ${quoteUntrusted(file.path)}`, describeRepository(repository))
  const hash = createHash('sha256')
  let sizeBytes = 0
  const measure = new Transform({
    transform(chunk: Buffer, _encoding, done): void {
      hash.update(chunk)
      sizeBytes += chunk.length
      done(null, chunk)
    },
  })
  await pipeline(Readable.fromWeb(blob.stream()), measure, createWriteStream(temporary, { flush: true }))
  if (sizeBytes !== file.size) return `${sizeBytes} of ${file.size} bytes arrived`
  return file.sha256 !== null && hash.digest('hex') !== file.sha256 ? 'its checksum is wrong' : undefined
}
