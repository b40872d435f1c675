/**
 * @file What a failed request to the hub means for its user: nothing there, not for you, or not now.
 */
import { HubAccessError, HubNotFoundError, HubUnreachableError } from './download-errors.ts'
import type { HoldfastError } from './errors.ts'
import { HubRequestFailure, reasonOf } from './hub-fetch.ts'
import { describeRepository, hubEndpoint, repositoryPage, type HubRepository } from './hub-repository.ts'
import { quoteUntrusted } from './untrusted-text.ts'

/** `file` is what was asked for, when it was not the repository itself. */
export function hubFailure(cause: unknown, repository: HubRepository, file?: string): HoldfastError {
  const what = file === undefined ? describeRepository(repository) : `file ${quoteUntrusted(file)} of ${describeRepository(repository)}`
  if (!(cause instanceof HubRequestFailure))
    return new HubUnreachableError({ reason: quoteUntrusted(reasonOf(cause), 100), where: what }, { cause })
  const { status, hubCode, sentToken } = cause
  if (status === 404 || status === 410) return new HubNotFoundError({ what, where: hubEndpoint() }, { cause })
  if (status !== 401 && status !== 403) return new HubUnreachableError({ reason: cause.message, where: what }, { cause })
  const isKnown = status === 403 || hubCode === 'GatedRepo'
  const reason = sentToken ? (isKnown ? 'forbidden' : 'token-refused') : 'no-token'
  return new HubAccessError({ what, reason, status, page: repositoryPage(repository), hub: hubEndpoint() }, { cause })
}
