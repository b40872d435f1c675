/**
 * @file Tells of cases that got no completion as soon as that is known, each once.
 */
import type { Completion } from '../eval/completion.ts'

/** A case that a model gave no completion for, and why. */
export interface FailedCase {
  readonly evalName: string
  readonly caseId: string
  readonly reason: string
}

export type OnFailure = (failed: FailedCase) => void

/** The failures of one chunk. */
export class FailureTeller {
  readonly #told = new Set<number>()
  readonly #chunk: { readonly evalName: string; readonly caseIds: readonly string[]; readonly onFailure: OnFailure | undefined }

  constructor(chunk: { readonly evalName: string; readonly caseIds: readonly string[]; readonly onFailure: OnFailure | undefined }) {
    this.#chunk = chunk
  }

  /** A completion of the case at `index` of the chunk; it may be seen again. */
  see(index: number, { finishReason, whyFailed }: Completion): void {
    const { evalName, caseIds, onFailure } = this.#chunk
    if ((finishReason !== 'error' && finishReason !== 'content-filter') || onFailure === undefined || this.#told.has(index)) return
    this.#told.add(index)
    const usual = finishReason === 'error' ? 'the model gave none' : 'a content filter held it back'
    onFailure({ evalName, caseId: caseIds[index] ?? '', reason: whyFailed?.message ?? usual })
  }
}
