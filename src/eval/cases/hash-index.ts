/**
 * @file Finds rows by a text without keeping the texts: a table of 32-bit hashes. A found row may be another one whose text has the same hash, so the
 * caller compares. 12 to 20 bytes a row.
 */
import { randomInt } from 'node:crypto'

/** Rows by the hash of a text. Several rows may have the same text. */
export class HashIndex {
  /** Row number + 1 at each slot; 0 is free. */
  #slots = new Uint32Array(64)
  #hashes = new Uint32Array(64)
  #count = 0
  // A seed of this process: nobody can prepare texts that all have the same hash.
  readonly #seed = randomInt(2 ** 32)

  add(text: string, row: number): void {
    if (this.#count * 4 >= this.#slots.length * 3) this.#rehash()
    this.#put(this.#hash(text), row)
    this.#count += 1
  }

  /** The first row whose text has this hash and that `isSame` accepts; undefined when there is none. */
  find(text: string, isSame: (row: number) => boolean): number | undefined {
    const hash = this.#hash(text)
    const mask = this.#slots.length - 1
    for (let at = hash & mask; this.#slots[at] !== 0; at = (at + 1) & mask) {
      const row = (this.#slots[at] as number) - 1
      if (this.#hashes[at] === hash && isSame(row)) return row
    }
    return undefined
  }

  #put(hash: number, row: number): void {
    const mask = this.#slots.length - 1
    let at = hash & mask
    while (this.#slots[at] !== 0) at = (at + 1) & mask
    this.#slots[at] = row + 1
    this.#hashes[at] = hash
  }

  #rehash(): void {
    const [slots, hashes] = [this.#slots, this.#hashes]
    this.#slots = new Uint32Array(slots.length * 2)
    this.#hashes = new Uint32Array(slots.length * 2)
    for (const [at, slot] of slots.entries()) if (slot !== 0) this.#put(hashes[at] as number, slot - 1)
  }

  /** FNV-1a over code units, then mixed: neighbours in a file differ in their last characters only. */
  #hash(text: string): number {
    let hash = this.#seed
    for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 16_777_619)
    hash = Math.imul(hash ^ (hash >>> 16), 0x85_eb_ca_6b)
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2_b2_ae_35)
    return (hash ^ (hash >>> 16)) >>> 0
  }
}
