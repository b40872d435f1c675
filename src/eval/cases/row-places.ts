/**
 * @file Where the rows of a case source stand, kept small: a number for each row, and one function for each run of rows from the same file.
 */
import type { PlacedValue } from '../case-source.ts'

/** Places by the number of the case. */
export class RowPlaces {
  #numbers = new Uint32Array(1024)
  #count = 0
  readonly #runs: { readonly from: number; readonly placeOf: PlacedValue['placeOf'] }[] = []

  add({ at, placeOf }: Pick<PlacedValue, 'at' | 'placeOf'>): void {
    if (this.#count === this.#numbers.length) {
      const larger = new Uint32Array(this.#count * 2)
      larger.set(this.#numbers)
      this.#numbers = larger
    }
    if (this.#runs.at(-1)?.placeOf !== placeOf) this.#runs.push({ from: this.#count, placeOf })
    this.#numbers[this.#count++] = at
  }

  at(row: number): string {
    const run = this.#runs.findLast(({ from }) => from <= row)
    return run?.placeOf(this.#numbers[row] as number) ?? ''
  }
}
