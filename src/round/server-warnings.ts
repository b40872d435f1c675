/**
 * @file What a user should hear of a model while it is graded: cases that got no completion, and completions that are not kept.
 */
import { quoteUntrusted } from '../base/untrusted-text.ts'
import type { OnFailure } from '../grading/failure-teller.ts'
import type { OnWait } from '../model/chat/ask-server.ts'
import type { OpenedModel } from '../model/open-model.ts'
import type { Reporter } from './reporter.ts'

const TOLD_FAILURES = 5

/** Tells which cases got no completion, and why; only the first few are told. */
export function failureWarnings(reporter: Reporter): OnFailure {
  let failures = 0
  return ({ evalName, caseId, reason }) => {
    failures += 1
    if (failures > TOLD_FAILURES) return
    const more = failures === TOLD_FAILURES ? ' (further ones are not told)' : ''
    const message = `Case ${quoteUntrusted(caseId)} of eval "${evalName}" got no completion and stays ungraded: ${quoteUntrusted(reason, 300)}${more}`
    reporter.tell({ type: 'warning', code: 'CASE_WITHOUT_COMPLETION', message })
  }
}

const TOLD_EVERY_MS = 30_000

/** Tells why nothing seems to happen while a server keeps us waiting; not more often than anybody would read. */
export function waitWarnings(reporter: Reporter): OnWait {
  let toldMs = Number.NEGATIVE_INFINITY
  return (reason, waitMs) => {
    if (performance.now() - toldMs < TOLD_EVERY_MS) return
    toldMs = performance.now()
    const message = `The server keeps us waiting, the next try is in ${Math.ceil(waitMs / 1000)} seconds: ${quoteUntrusted(reason, 200)}`
    reporter.tell({ type: 'warning', code: 'SERVER_WAIT', message })
  }
}

/** Says of a server's model that was opened when its completions are not kept. */
export function warnNotCached(reporter: Reporter, reference: string, { embedded, notCached }: OpenedModel): void {
  if (embedded !== null || notCached === null) return
  const message = `Completions of ${reference} are not kept for other evaluations: ${notCached}`
  reporter.tell({ type: 'warning', code: 'NOT_CACHED', message })
}
