/**
 * @file What turns texts into vectors, and the wrapper that asks for each text once.
 */

/** Gives one vector for each text. */
export interface Embedder {
  embed(texts: readonly string[]): Promise<readonly Float32Array[]>
  close(): Promise<void>
}

/** Vectors that are kept: most comparisons are with the same few expected texts. */
const KEPT = 10_000

/** The same vectors at length 1; texts that were seen before cost nothing. */
export function remembering(embedder: Embedder): Embedder {
  const known = new Map<string, Promise<Float32Array>>()
  const one = (text: string): Promise<Float32Array> => {
    const found = known.get(text) ?? embedder.embed([text]).then(([vector]) => unit(vector ?? new Float32Array()))
    if (!known.has(text) && known.size < KEPT) known.set(text, found)
    found.catch(() => known.delete(text))
    return found
  }
  return { embed: (texts) => Promise.all(texts.map(one)), close: () => embedder.close() }
}

/** Scaled to length 1; a vector of zeros stays one. */
function unit(vector: Float32Array): Float32Array {
  const length = Math.hypot(...vector)
  return length > 0 ? vector.map((value) => value / length) : vector
}
