/**
 * @file METEOR of one answer, with exact words and stems. Synonyms are not matched: there is no WordNet here.
 */
import { tokens13a } from './metric-tokens.ts'
import { porterStem } from './porter-stem.ts'

const RECALL_WEIGHT = 0.9
const PENALTY_POWER = 3
const PENALTY_WEIGHT = 0.5

/** A word and where it stood. */
interface IndexedWord {
  readonly word: string
  readonly at: number
}

/**
 * METEOR from 0 to 1: harmonic mean of precision and recall of the words, with recall weighing nine times as much, less a penalty for words in
 * another order. Letter case does not count. A text beside itself has 1 - 0.5 / (words)^3: a right answer of one word has a half.
 * Source: Lavie and Agarwal 2007; the same value as nltk 3.9.1's `single_meteor_score` on mteval-v13a tokens with a WordNet that knows no word.
 */
export function meteorScore(answer: string, reference: string): number {
  const [answerWords, referenceWords] = [indexed(tokens13a(answer)), indexed(tokens13a(reference))]
  const exact = matchWords(answerWords, referenceWords)
  const stems = matchWords(exact.answerRest.map(stemmed), exact.referenceRest.map(stemmed))
  const matches = [...exact.pairs, ...stems.pairs].toSorted(([a], [b]) => a - b)
  if (matches.length === 0) return 0
  const [precision, recall] = [matches.length / answerWords.length, matches.length / referenceWords.length]
  const mean = (precision * recall) / (RECALL_WEIGHT * precision + (1 - RECALL_WEIGHT) * recall)
  const penalty = PENALTY_WEIGHT * (chunkCount(matches) / matches.length) ** PENALTY_POWER
  return (1 - penalty) * mean
}

function indexed(tokens: readonly string[]): readonly IndexedWord[] {
  return tokens.map((token, at) => ({ word: token.toLowerCase(), at }))
}

function stemmed({ word, at }: IndexedWord): IndexedWord {
  return { word: porterStem(word), at }
}

/** From the end, each word of the answer takes the last equal word of the reference that is free. */
function matchWords(
  answer: readonly IndexedWord[],
  reference: readonly IndexedWord[],
): {
  readonly pairs: readonly (readonly [number, number])[]
  readonly answerRest: readonly IndexedWord[]
  readonly referenceRest: readonly IndexedWord[]
} {
  const free = new Map<string, number[]>()
  for (const { word, at } of reference) {
    const known = free.get(word)
    if (known === undefined) free.set(word, [at])
    else known.push(at)
  }
  const pairs: (readonly [number, number])[] = []
  const answerRest: IndexedWord[] = []
  for (const indexedWord of answer.toReversed()) {
    const at = free.get(indexedWord.word)?.pop()
    if (at === undefined) answerRest.push(indexedWord)
    else pairs.push([indexedWord.at, at])
  }
  const taken = new Set(pairs.map(([, at]) => at))
  return { pairs, answerRest: answerRest.toReversed(), referenceRest: reference.filter(({ at }) => !taken.has(at)) }
}

/** Runs of matches that stand side by side in both texts. */
function chunkCount(matches: readonly (readonly [number, number])[]): number {
  return matches.filter(([answerAt, referenceAt], index) => {
    const before = matches[index - 1]
    return before === undefined || before[0] !== answerAt - 1 || before[1] !== referenceAt - 1
  }).length
}
