/**
 * @file Where the rows of a case source stand, kept small: a number for each row, and one function for each run of rows from the same file.
 */
import type { LocatedValue } from '../case-source.ts'

/** Locations by the number of the case. */
export class RowLocations {
  #numbers = new Uint32Array(1024)
  #count = 0
  readonly #runs: { readonly from: number; readonly whereOf: LocatedValue['whereOf'] }[] = []

  add({ at, whereOf }: Pick<LocatedValue, 'at' | 'whereOf'>): void {
    if (this.#count === this.#numbers.length) {
      const larger = new Uint32Array(this.#count * 2)
      larger.set(this.#numbers)
      this.#numbers = larger
    }
    if (this.#runs.at(-1)?.whereOf !== whereOf) this.#runs.push({ from: this.#count, whereOf })
    this.#numbers[this.#count++] = at
  }

  at(row: number): string {
    const run = this.#runs.findLast(({ from }) => from <= row)
    return run?.whereOf(this.#numbers[row] as number) ?? ''
  }
}
