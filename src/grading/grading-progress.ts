/**
 * @file Counts the completions of a grading while several chunks are answered at once.
 */
import type { GradeRecord } from '../ledger/grade-record.ts'
import type { GenerateProgress } from '../model/model.ts'

/** Counts of a whole grading, from what its chunks report. */
export class GradingProgress {
  readonly #answering = new Map<number, Pick<GenerateProgress, 'done' | 'tokens'>>()
  readonly #total: number
  readonly #tell: ((progress: GenerateProgress) => void) | undefined
  #done: number
  #tokens = 0

  /** `done` counts what an earlier process recorded. */
  constructor(start: { readonly done: number; readonly total: number; readonly tell: ((progress: GenerateProgress) => void) | undefined }) {
    this.#done = start.done
    this.#total = start.total
    this.#tell = start.tell
  }

  /** A chunk, named by its first case, is being answered. */
  report(chunkStart: number, { done, tokens }: GenerateProgress): void {
    this.#answering.set(chunkStart, { done, tokens })
    this.#say()
  }

  /** A chunk is graded. */
  finish(chunkStart: number, graded: readonly GradeRecord[]): void {
    this.#answering.delete(chunkStart)
    this.#done += graded.length
    for (const { tokenIds } of graded) this.#tokens += tokenIds.length
    this.#say()
  }

  #say(): void {
    if (this.#tell === undefined) return
    let [done, tokens] = [this.#done, this.#tokens]
    for (const chunk of this.#answering.values()) {
      done += chunk.done
      tokens += chunk.tokens
    }
    this.#tell({ done, total: this.#total, tokens })
  }
}
