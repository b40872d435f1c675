/**
 * @file The file that one process appends completions to: made when there is something to write, cut back when what was written last is not to be
 * believed. A disk that takes no more is no failure.
 */
import { closeSync, ftruncateSync, mkdirSync, openSync } from 'node:fs'
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { writeAllSync } from '../../base/whole-file.ts'

export class CompletionFile {
  readonly #directory: string
  #file: number | null = null
  #isWritable = true
  #sizeBytes = 0
  #confirmedBytes = 0
  /** Keys that may still be taken back, in the order of the file. */
  #unconfirmed: { readonly key: string; readonly endBytes: number }[] = []

  constructor(directory: string) {
    this.#directory = directory
  }

  get unconfirmed(): number {
    return this.#unconfirmed.length
  }

  /** Appends lines by one write. */
  append(lines: readonly (readonly [key: string, line: string])[]): void {
    if (lines.length === 0) return
    const bytes = lines.map(([key, line]) => {
      const own = Buffer.from(line)
      this.#sizeBytes += own.length
      this.#unconfirmed.push({ key, endBytes: this.#sizeBytes })
      return own
    })
    if (!this.#isWritable) return
    try {
      mkdirSync(this.#directory, { recursive: true })
      this.#file ??= openSync(join(this.#directory, `${process.pid}-${randomBytes(6).toString('hex')}.jsonl`), 'ax')
      writeAllSync(this.#file, Buffer.concat(bytes))
    } catch {
      this.#isWritable = false
    }
  }

  confirm(count: number): void {
    this.#confirmedBytes = this.#unconfirmed[Math.min(count, this.#unconfirmed.length) - 1]?.endBytes ?? this.#confirmedBytes
    this.#unconfirmed = this.#unconfirmed.slice(count)
  }

  /** Cuts off what is unconfirmed, and gives its keys. */
  retract(): readonly string[] {
    const keys = this.#unconfirmed.map(({ key }) => key)
    this.#unconfirmed = []
    this.#sizeBytes = this.#confirmedBytes
    try {
      if (this.#file !== null) ftruncateSync(this.#file, this.#confirmedBytes)
    } catch {
      // As good as written by another process: believed where the weights are seen again.
    }
    return keys
  }

  close(): void {
    if (this.#file !== null) closeSync(this.#file)
    this.#file = null
    this.#isWritable = false
  }
}
