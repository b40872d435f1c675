/**
 * @file What a user should hear of a model behind a server while it is graded: cases that got no completion, and completions that are not kept.
 */
import { quoteUntrusted } from '../base/untrusted-text.ts'
import type { OpenedModel } from '../model/open-model.ts'
import type { Reporter } from './reporter.ts'

const TOLD_FAILURES = 5

export interface ServerWarnings {
  /** To be called for each case without a completion; only the first few are told. */
  onFailure(reason: string): void
  /** To be called with the open model. */
  tell(opened: OpenedModel): void
}

/** Warnings about the model that `reference` names. */
export function serverWarnings(reporter: Reporter, reference: string): ServerWarnings {
  let failures = 0
  return {
    onFailure: (reason) => {
      failures += 1
      if (failures > TOLD_FAILURES) return
      const more = failures === TOLD_FAILURES ? ' (further ones are not told)' : ''
      const message = `The server gave no completion for a case, which stays ungraded: ${quoteUntrusted(reason, 300)}${more}`
      reporter.tell({ type: 'warning', code: 'CASE_WITHOUT_COMPLETION', message })
    },
    tell: ({ embedded, notCached }) => {
      if (embedded !== null || notCached === null) return
      const message = `Completions of ${reference} are not kept for the next time: ${notCached}`
      reporter.tell({ type: 'warning', code: 'NOT_CACHED', message })
    },
  }
}
