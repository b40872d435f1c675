/**
 * @file Trains byte-pair merges on counted pieces of text. Knows nothing of files and formats.
 * Source: Sennrich et al., arXiv:1508.07909; byte alphabet of Radford et al., 2019 (GPT-2).
 */

export interface BytePairs {
  /** The alphabet first, then every merged symbol, in the order in which they were made. */
  readonly symbols: readonly string[]
  readonly merges: readonly (readonly [string, string])[]
}

interface Piece {
  symbols: string[]
  readonly count: number
}

/** GPT-2's printable character for every byte. */
export function byteAlphabet(): readonly string[] {
  const printable = (byte: number): boolean => (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || (byte >= 174 && byte <= 255)
  let shifted = 256
  return Array.from({ length: 256 }, (_, byte) => String.fromCodePoint(printable(byte) ? byte : shifted++))
}

/** Merges the commonest neighbouring pair (ties: the one first in code-unit order) until there are `size` symbols or no pair occurs twice. */
export function trainBytePairs(counts: ReadonlyMap<string, number>, size: number): BytePairs {
  const alphabet = byteAlphabet()
  const encode = (text: string): string[] => [...Buffer.from(text, 'utf8')].map((byte) => alphabet[byte] as string)
  const pieces: Piece[] = [...counts].map(([text, count]) => ({ symbols: encode(text), count }))
  const symbols = [...alphabet]
  const merges: [string, string][] = []
  while (symbols.length < size) {
    const best = commonestPair(pieces)
    if (best === null) break
    merges.push(best)
    symbols.push(best.join(''))
    for (const piece of pieces) piece.symbols = mergePair(piece.symbols, best)
  }
  return { symbols, merges }
}

function commonestPair(pieces: readonly Piece[]): [string, string] | null {
  const pairCounts = new Map<string, number>()
  for (const { symbols, count } of pieces) {
    for (let i = 1; i < symbols.length; i++) {
      const key = `${symbols[i - 1]} ${symbols[i]}`
      pairCounts.set(key, (pairCounts.get(key) ?? 0) + count)
    }
  }
  let best: string | null = null
  let bestCount = 1
  for (const [key, count] of pairCounts) {
    if (count > bestCount || (count === bestCount && best !== null && key < best)) [best, bestCount] = [key, count]
  }
  return best === null ? null : (best.split(' ') as [string, string])
}

function mergePair(symbols: readonly string[], [left, right]: readonly [string, string]): string[] {
  const merged: string[] = []
  for (let i = 0; i < symbols.length; i++) {
    const joins = symbols[i] === left && symbols[i + 1] === right
    merged.push(joins ? left + right : (symbols[i] as string))
    if (joins) i++
  }
  return merged
}
