/**
 * @file Counts the n-grams that two token lists share, each no more often than it occurs in both, in time linear in their length.
 */

/** For one n: shared n-grams, and how many each text has. */
export interface NgramMatches {
  readonly matched: number
  readonly answerCount: number
  readonly referenceCount: number
}

/** The matches for n from 1 to `maxOrder`, in that order. */
export function ngramMatches(answer: readonly string[], reference: readonly string[], maxOrder: number): readonly NgramMatches[] {
  const numbers = new Map<string, number>()
  const [answerWords, referenceWords] = [answer, reference].map((list) => list.map((token) => numbered(numbers, token))) as [
    number[],
    number[],
  ]
  const matches: NgramMatches[] = []
  let [answerGrams, referenceGrams] = [answerWords, referenceWords]
  for (let order = 1; order <= maxOrder; order++) {
    matches.push({ matched: shared(answerGrams, referenceGrams), answerCount: answerGrams.length, referenceCount: referenceGrams.length })
    // An n-gram's number comes from the pair of its first n-1 tokens' number and its last token, so long n-grams cost no more than short ones.
    const pairs = new Map<number, number>()
    const longer = (grams: readonly number[], words: readonly number[]): number[] =>
      grams.slice(0, -1).map((gram, at) => numbered(pairs, gram * numbers.size + (words[at + order] as number)))
    ;[answerGrams, referenceGrams] = [longer(answerGrams, answerWords), longer(referenceGrams, referenceWords)]
  }
  return matches
}

/** The key's number: how many keys were new before it. */
function numbered<Key>(numbers: Map<Key, number>, key: Key): number {
  const known = numbers.get(key)
  if (known !== undefined) return known
  numbers.set(key, numbers.size)
  return numbers.size - 1
}

function shared(answer: readonly number[], reference: readonly number[]): number {
  const left = new Map<number, number>()
  for (const gram of reference) left.set(gram, (left.get(gram) ?? 0) + 1)
  let matched = 0
  for (const gram of answer) {
    const count = left.get(gram) ?? 0
    if (count === 0) continue
    left.set(gram, count - 1)
    matched += 1
  }
  return matched
}
