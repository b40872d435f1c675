/**
 * @file The cases of an eval. A few are kept as the objects that their rows were read as. Many are kept in compact form, their JSON packed, roles and ids
 * beside it: then a case becomes an object when it is asked for.
 */
import type { Case, Role } from '../case.ts'
import { ROLES } from '../case.ts'
import { HashIndex } from './hash-index.ts'
import { PackedText } from './packed-text.ts'
import type { PackedTextOptions } from './packed-text.ts'

/** Up to this many cases are plain objects: quick to read, easy to look at in a debugger, never written as text and parsed again. */
export const PLAIN_CASES = 20_000
const CASES_KEPT = 64

/** Settings for tests; the defaults are for users. */
export interface CaseTableOptions extends PackedTextOptions {
  readonly plainCases?: number
}

/** Cases by number and by id. Rows are added once; only their cluster may change. */
export class CaseTable {
  /** Null once there are too many of them. */
  #plain: Case[] | null = []
  readonly #plainCases: number
  readonly #packed: PackedText
  readonly #ids = new HashIndex()
  #roles = new Uint8Array(1024)
  /** Clusters that packed rows got after they were added. */
  readonly #clusters = new Map<number, string>()
  /** The case last read at each index of a small ring: prompts, hashes and grades ask for the same one in a row. */
  readonly #kept: ({ readonly index: number; readonly row: Case } | undefined)[] = Array.from({ length: CASES_KEPT })

  constructor({ plainCases = PLAIN_CASES, ...packing }: CaseTableOptions = {}) {
    this.#plainCases = plainCases
    this.#packed = new PackedText(packing)
  }

  get length(): number {
    return this.#plain?.length ?? this.#packed.length
  }

  /** Adds a case, or gives the number of the one that has its id already. */
  add(row: Case): number | undefined {
    const earlier = this.indexOf(row.id)
    if (earlier !== undefined) return earlier
    const { length: index } = this
    this.#keep(row)
    if (index === this.#roles.length) {
      const larger = new Uint8Array(index * 2)
      larger.set(this.#roles)
      this.#roles = larger
    }
    this.#roles[index] = ROLES.indexOf(row.role)
    this.#ids.add(row.id, index)
    return undefined
  }

  #keep(row: Case): void {
    if (this.#plain !== null && this.#plain.length < this.#plainCases) {
      this.#plain.push(row)
      return
    }
    for (const kept of this.#plain ?? []) this.#packed.append(JSON.stringify(kept))
    this.#plain = null
    this.#packed.append(JSON.stringify(row))
  }

  /** The case with a number below `length`. */
  at(index: number): Case {
    if (this.#plain !== null) return this.#plain[index] as Case
    const kept = this.#kept[index % CASES_KEPT]
    if (kept?.index === index) return kept.row
    const read = JSON.parse(this.#packed.at(index)) as Case
    const cluster = this.#clusters.get(index)
    const row = cluster === undefined ? read : { ...read, cluster }
    this.#kept[index % CASES_KEPT] = { index, row }
    return row
  }

  /** Puts a case that is there already into a cluster. */
  setCluster(index: number, cluster: string): void {
    if (this.#plain !== null) {
      this.#plain[index] = { ...this.at(index), cluster }
      return
    }
    this.#clusters.set(index, cluster)
    this.#kept[index % CASES_KEPT] = undefined
  }

  roleAt(index: number): Role {
    return ROLES[this.#roles[index] as number] as Role
  }

  /** The number of the case with this id, if there is one. */
  indexOf(id: string): number | undefined {
    return this.#ids.find(id, (index) => this.at(index).id === id)
  }
}
