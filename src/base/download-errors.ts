/**
 * @file Failures of fetching files from the hub.
 */
import { defineError } from './errors.ts'
import { quoteUntrusted } from './untrusted-text.ts'

/** A repository, revision or file that the hub does not have, or not for this user. */
export class HubNotFoundError extends defineError('HUB_NOT_FOUND', ({ what, where }: { what: string; where: string }) => ({
  summary: `The hub has no ${what}`,
  where,
  fix: 'check the name and the revision; a private repository is shown only to a token in HF_TOKEN that may read it',
})) {}

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
export class HubAccessError extends defineError('HUB_ACCESS', ({ what, reason, status, page, hub }: HubAccessProblem) => {
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
  return { summary, where: page, fix }
}) {}

/** The hub could not be asked, and the cache does not have what is needed. */
export class HubUnreachableError extends defineError('HUB_UNREACHABLE', ({ reason, where }: { reason: string; where: string }) => ({
  summary: `The files are not in the cache and the hub cannot be asked: ${reason}`,
  where,
  fix: 'try again when the hub can be reached, set HF_ENDPOINT to a mirror, or give a local directory',
})) {}

/** A download that ended before the file was whole; the part is kept. */
export class DownloadInterruptedError extends defineError(
  'DOWNLOAD_INTERRUPTED',
  ({ path, where, problem }: { path: string; where: string; problem: string }) => ({
    summary: `The download of ${quoteUntrusted(path)} did not complete: ${problem}`,
    where,
    fix: 'run the same command again: it goes on where this one stopped',
  }),
) {}
