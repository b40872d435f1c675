/**
 * @file What happens to rows that repeat an earlier one, where an eval says that they may: copies are dropped or numbered, and rows that ask the same
 * form one cluster with the role of the first, so that none is trained on while another judges. Rows that were there keep their roles.
 */
import { canonicalJson } from '../../base/json.ts'
import { quoteUntrusted } from '../../base/untrusted-text.ts'
import type { Case, Role } from '../case.ts'
import type { OnDuplicate } from '../case-source.ts'
import { evenText, promptText } from '../leakage/shared-cases.ts'
import type { CaseTable } from './case-table.ts'
import { HashIndex } from './hash-index.ts'
import type { IntakeCounts } from './intake.ts'

/** A row that is to become a case; `ownRole` is the one that it or its file names. */
export interface RepeatableRow {
  readonly row: Case
  readonly ownRole: Role | undefined
}

/** Where a row stands, and where one of the table does. */
export interface LocationsOfRows {
  readonly here: () => string
  readonly of: (index: number) => string
}

/** Knows the rows of a table by what they ask and say. */
export class RepeatedRows {
  readonly #table: CaseTable
  readonly #mode: Exclude<OnDuplicate, 'refuse'>
  readonly #counts: IntakeCounts
  readonly #questions = new HashIndex()
  readonly #contents = new HashIndex()
  readonly #lastNumber = new Map<string, number>()

  constructor(table: CaseTable, mode: Exclude<OnDuplicate, 'refuse'>, counts: IntakeCounts) {
    this.#table = table
    this.#mode = mode
    this.#counts = counts
  }

  /** The case that a row becomes; null for a copy that is dropped. What is given must be added to the table next. */
  settle({ row, ownRole }: RepeatableRow, locations: LocationsOfRows): Case | null {
    const copied = this.#mode === 'drop' ? this.#find(this.#contents, row, contentOf) : undefined
    if (copied !== undefined && (ownRole === undefined || ownRole === this.#table.roleAt(copied))) {
      this.#counts.add('dropped', () => `${locations.here()} repeats ${locations.of(copied)}`)
      return null
    }
    const kept = this.#joined({ row: this.#numbered(row, locations), ownRole }, locations)
    if (this.#mode === 'drop') this.#contents.add(contentOf(kept), this.#table.length)
    return kept
  }

  /** With the first free number behind its id where that is taken. */
  #numbered(row: Case, { here }: LocationsOfRows): Case {
    if (this.#mode !== 'number' || this.#table.indexOf(row.id) === undefined) return row
    let number = (this.#lastNumber.get(row.id) ?? 1) + 1
    while (this.#table.indexOf(`${row.id}#${number}`) !== undefined) number += 1
    this.#lastNumber.set(row.id, number)
    const id = `${row.id}#${number}`
    this.#counts.add('numbered', () => `${here()} is ${quoteUntrusted(id)}`)
    return { ...row, id }
  }

  /** In the cluster and the role of the first row that asks the same, unless the row says otherwise. */
  #joined({ row, ownRole }: RepeatableRow, locations: LocationsOfRows): Case {
    if (row.role === 'twin') return row
    const asked = this.#find(this.#questions, row, questionOf)
    if (asked === undefined) {
      this.#questions.add(questionOf(row), this.#table.length)
      return row
    }
    const first = this.#table.at(asked)
    if (canonicalJson(first.expected) !== canonicalJson(row.expected)) {
      this.#counts.add('conflicting', () => `${locations.here()} against ${locations.of(asked)}`)
    }
    const cluster = first.cluster ?? first.id
    if (row.cluster !== undefined && row.cluster !== cluster) return row
    if (first.cluster === undefined) this.#table.setCluster(asked, cluster)
    return { ...row, cluster, role: ownRole ?? first.role }
  }

  #find(index: HashIndex, row: Case, textOf: (row: Case) => string): number | undefined {
    const text = textOf(row)
    return index.find(text, (at) => textOf(this.#table.at(at)) === text)
  }
}

/** What a case asks, as the check for shared cases compares it. */
function questionOf({ input, turns = [] }: Case): string {
  return `${evenText(typeof input === 'string' ? input : canonicalJson(input))}\u0000${promptText(turns)}`
}

/** All that a case says, whatever it is called and however it is sorted. */
function contentOf({ input, expected, turns, twinOf, chosen, rejected, thumb }: Case): string {
  return canonicalJson([input, expected, turns, twinOf, chosen, rejected, thumb])
}
