/**
 * @file How much work one comparison may do. Texts of models are hostile until shown otherwise: who runs out of budget gets no reading.
 */

/** Steps that one comparison may take: far more than any answer needs, a few milliseconds at worst. */
const DEFAULT_STEPS = 6_000

/** Counts down. A step is about one multiplication of small integers. */
export class WorkBudget {
  readonly total: number
  #left: number

  constructor(total: number = DEFAULT_STEPS) {
    this.total = total
    this.#left = total
  }

  /** Takes steps; false when they are not there any more, and from then on. */
  spend(steps: number): boolean {
    this.#left -= steps
    return this.#left >= 0
  }

  /** Steps taken, at most one operation beyond the total. */
  get spent(): number {
    return this.total - this.#left
  }
}
