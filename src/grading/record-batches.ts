/**
 * @file Puts graded chunks on disk: at once when chunks are slow, several with one flush when they come faster than a disk flushes.
 */
import type { GradeRecord } from '../ledger/grade-record.ts'
import type { GradeFile } from '../ledger/grade-file.ts'

/** How much work a killed process may lose where chunks are fast. */
const FLUSH_EVERY_MS = 100

/** Collects chunks for a log. What is added is on disk after `flush` at the latest. */
export class RecordBatches {
  readonly #log: Pick<GradeFile, 'append'>
  #waiting: GradeRecord[] = []
  #flushedAtMs = performance.now()

  constructor(log: Pick<GradeFile, 'append'>) {
    this.#log = log
  }

  /** @throws DiskFullError, FileWriteError */
  add(records: readonly GradeRecord[]): void {
    for (const record of records) this.#waiting.push(record)
    if (performance.now() - this.#flushedAtMs >= FLUSH_EVERY_MS) this.flush()
  }

  /** @throws DiskFullError, FileWriteError */
  flush(): void {
    const records = this.#waiting
    // Forgotten even where writing them fails: what a caller does after a failure must not write them again.
    this.#waiting = []
    this.#log.append(records)
    this.#flushedAtMs = performance.now()
  }
}
