/**
 * @file Which of many texts shares most runs of words with another one: an inverted index of hashed runs. Runs that many texts have are a template's and
 * count for nobody.
 */

/** The text that shares most with another, and the share of the other's own runs that it has. */
export interface BestOverlap {
  readonly text: number
  readonly share: number
}

/** An index of texts by their runs, as src/eval/leakage/word-runs.ts makes them. */
export class RunIndex {
  readonly #texts: ReadonlyMap<number, readonly number[]>
  readonly #common: number

  /** A run of more than `common` texts is a template's. */
  constructor(texts: readonly ReadonlySet<number>[], common: number) {
    const found = new Map<number, number[]>()
    for (const [text, runs] of texts.entries()) {
      for (const run of runs) {
        const known = found.get(run)
        if (known === undefined) found.set(run, [text])
        else if (known.length <= common) known.push(text)
      }
    }
    this.#texts = found
    this.#common = common
  }

  /** The best of the texts that `counts` accepts; undefined when none shares a run. */
  best(runs: ReadonlySet<number>, counts: (text: number) => boolean): BestOverlap | undefined {
    const shared = new Map<number, number>()
    let own = 0
    for (const run of runs) {
      const texts = this.#texts.get(run) ?? []
      if (texts.length > this.#common) continue
      own += 1
      for (const text of texts) shared.set(text, (shared.get(text) ?? 0) + 1)
    }
    let best: BestOverlap | undefined
    for (const [text, count] of shared) {
      if (count / own > (best?.share ?? 0) && counts(text)) best = { text, share: count / own }
    }
    return best
  }
}
