/**
 * @file Which examples a step takes: epoch after epoch in a new random order, as a pure function of seed and step, so that a resumed training
 * goes on with the batch that comes next.
 */
import { seededRandom } from '../base/seeded-random.ts'

/** Gives the indices of each step's batch. Steps count from 1; `label` separates streams of one seed. */
export class BatchOrder {
  readonly #count: number
  readonly #batchSize: number
  readonly #seed: number
  readonly #label: string
  readonly #epochs = new Map<number, readonly number[]>()

  constructor(options: { count: number; batchSize: number; seed: number; label: string }) {
    this.#count = options.count
    this.#batchSize = options.batchSize
    this.#seed = options.seed
    this.#label = options.label
  }

  /** Indices of one batch; an epoch's end and the next one's start may share a batch. Empty when there are no examples. */
  batch(step: number): number[] {
    if (this.#count === 0) return []
    const first = (step - 1) * this.#batchSize
    return Array.from({ length: this.#batchSize }, (_, offset) => {
      const position = first + offset
      return this.#order(Math.floor(position / this.#count))[position % this.#count] as number
    })
  }

  #order(epoch: number): readonly number[] {
    let order = this.#epochs.get(epoch)
    if (order === undefined) {
      const indices = Array.from({ length: this.#count }, (_, index) => index)
      order = seededRandom(this.#seed, this.#label, epoch).shuffle(indices)
      this.#epochs.clear()
      this.#epochs.set(epoch, order)
    }
    return order
  }
}
