/**
 * @file Picks what a script wrote out of what a login shell, its start-up files and ssh itself write into the same stream: it lies between two marks.
 */
import { Transform, type TransformCallback } from 'node:stream'

/** Marks that no other text holds. */
export interface Frame {
  readonly begin: string
  readonly end: string
}

/** Passes on what lies between `frame.begin` and `frame.end`. */
export class FramedOutput extends Transform {
  readonly #begin: Buffer
  readonly #end: Buffer
  #held: Buffer = Buffer.alloc(0)
  #state: 'before' | 'within' | 'after' = 'before'

  constructor(frame: Frame) {
    super()
    this.#begin = Buffer.from(frame.begin)
    this.#end = Buffer.from(frame.end)
  }

  /** Whether the first mark was seen. */
  get hasBegun(): boolean {
    return this.#state !== 'before'
  }

  /** What stood outside: before the first mark when it never came, else after the last one; null while that has not come either. */
  get outside(): string | null {
    return this.#state === 'within' ? null : this.#held.toString()
  }

  override _transform(chunk: Buffer, _encoding: string, done: TransformCallback): void {
    this.#held = Buffer.concat([this.#held, chunk])
    if (this.#state === 'before') this.#skipTo(this.#begin, 'within')
    if (this.#state === 'within') this.#passOn()
    done()
  }

  override _flush(done: TransformCallback): void {
    if (this.#state === 'within') this.push(this.#held)
    done()
  }

  #skipTo(mark: Buffer, next: 'within' | 'after'): void {
    const at = this.#held.indexOf(mark)
    if (at < 0) return
    this.#held = this.#held.subarray(at + mark.length)
    this.#state = next
  }

  #passOn(): void {
    const at = this.#held.indexOf(this.#end)
    const ready = at < 0 ? this.#held.length - this.#startedMarkLength() : at
    if (ready > 0) this.push(this.#held.subarray(0, ready))
    this.#held = this.#held.subarray(ready)
    this.#skipTo(this.#end, 'after')
  }

  /** Only bytes that may yet turn out to be the mark are held back, so that lines come through as they are written. */
  #startedMarkLength(): number {
    for (let length = Math.min(this.#end.length - 1, this.#held.length); length > 0; length--) {
      if (this.#held.subarray(this.#held.length - length).equals(this.#end.subarray(0, length))) return length
    }
    return 0
  }
}
