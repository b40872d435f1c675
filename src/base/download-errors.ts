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
      fix: 'check the name and the revision; a private repository is shown only to a token in HF_TOKEN that may read it',
      cause,
    })
  }
}

/** Why the hub gives a repository to somebody else. */
export interface HubAccessProblem {
  readonly what: string
  readonly reason: 'no-token' | 'token-refused' | 'forbidden'
  readonly status: number
  /** Where access is asked for. */
  readonly page: string
  readonly hub: string
}

/** A repository that exists for those who are let in: gated, private, or hidden from the token. */
export class HubAccessError extends HoldfastError {
  constructor({ what, reason, status, page, hub }: HubAccessProblem, cause?: unknown) {
    const [summary, fix] = {
      'no-token': [
        `The hub does not give ${what} to everybody (${status}): it is gated or private, or its name is wrong`,
        `check the name, ask for access on ${page}, and set HF_TOKEN to a token of ${hub}/settings/tokens`,
      ],
      'token-refused': [
        `The hub does not accept the token in HF_TOKEN (${status}), so ${what} cannot be had`,
        `set HF_TOKEN to a valid token of ${hub}/settings/tokens, or unset it where none is needed`,
      ],
      forbidden: [
        `The token in HF_TOKEN may not read ${what} (${status})`,
        `ask for access on ${page} with the account of the token; a fine-grained token must also be allowed to read gated repositories`,
      ],
    }[reason] as [string, string]
    super({ code: 'HUB_ACCESS', summary, where: page, fix, cause })
  }
}

/** The hub could not be asked, and the cache does not have what is needed. */
export class HubUnreachableError extends HoldfastError {
  constructor(reason: string, where: string, cause?: unknown) {
    super({
      code: 'HUB_UNREACHABLE',
      summary: `The files are not in the cache and the hub cannot be asked: ${reason}`,
      where,
      fix: 'try again when the hub can be reached, set HF_ENDPOINT to a mirror, or give a local directory',
      cause,
    })
  }
}

/** A download that ended before the file was whole; the part is kept. */
export class DownloadInterruptedError extends HoldfastError {
  constructor(file: { readonly path: string; readonly where: string }, problem: string, cause?: unknown) {
    super({
      code: 'DOWNLOAD_INTERRUPTED',
      summary: `The download of ${quoteUntrusted(file.path)} did not complete: ${problem}`,
      where: file.where,
      fix: 'run the same command again: it goes on where this one stopped',
      cause,
    })
  }
}
