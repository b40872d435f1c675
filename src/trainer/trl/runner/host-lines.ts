/**
 * @file Follows a file of JSON lines that a program on a host is writing. It gives whole lines only.
 */
import type { Host } from '../../../host/host.ts'

/** Reads the lines that came since the last call. */
export class HostLines {
  readonly #host: Pick<Host, 'readFrom'>
  readonly #path: string
  #offset = 0
  #rest = Buffer.alloc(0)

  constructor(host: Pick<Host, 'readFrom'>, path: string) {
    this.#host = host
    this.#path = path
  }

  /** New whole lines, in order. */
  async next(): Promise<string[]> {
    const bytes = await this.#host.readFrom(this.#path, this.#offset)
    this.#offset += bytes.length
    const text = Buffer.concat([this.#rest, bytes])
    const end = text.lastIndexOf(0x0a) + 1
    this.#rest = text.subarray(end)
    return text
      .subarray(0, end)
      .toString('utf8')
      .split('\n')
      .filter((line) => line !== '')
  }
}
