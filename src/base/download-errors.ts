/**
 * @file Failures of fetching files from the hub.
 */
import { HoldfastError } from './errors.ts'
import { quoteUntrusted } from './untrusted-text.ts'

/** A repository, revision or file that the hub does not have, or not for this user. */
export class HubNotFoundError extends HoldfastError {
  constructor(what: string, where: string, cause?: unknown) {
    super({
      code: 'HUB_NOT_FOUND',
      summary: `The hub has no ${what}`,
      where,
      fix: 'check the name and the revision; for a private or gated repository set HF_TOKEN',
      cause,
    })
  }
}

/** The hub could not be asked, and the cache does not have what is needed. */
export class HubUnreachableError extends HoldfastError {
  constructor(reason: string, where: string, cause?: unknown) {
    super({
      code: 'HUB_UNREACHABLE',
      summary: `The files are not in the cache and the hub cannot be reached: ${reason}`,
      where,
      fix: 'connect to the network, set HF_ENDPOINT to a mirror, or give a local directory',
      cause,
    })
  }
}

/** A download that ended before the file was whole; the part was removed. */
export class DownloadInterruptedError extends HoldfastError {
  constructor(file: { readonly path: string; readonly where: string }, problem: string, cause?: unknown) {
    super({
      code: 'DOWNLOAD_INTERRUPTED',
      summary: `The download of ${quoteUntrusted(file.path)} did not complete: ${problem}`,
      where: file.where,
      fix: 'run the same command again: files that are whole are kept, this one starts over',
      cause,
    })
  }
}
