/**
 * @file ROUGE of one answer: n-grams or the longest common subsequence of its words, as F-measure.
 */
import { commonSubsequenceLength } from './common-subsequence.ts'
import { rougeTokens } from './metric-tokens.ts'
import { ngramMatches } from './ngram-matches.ts'

/**
 * ROUGE-n from 0 to 1, the F-measure of shared runs of `order` words. Only letters a to z and digits count, in any case; no stemming.
 * Source: Lin 2004; the same value as rouge-score 0.1.2's `RougeScorer(['rouge1' … 'rouge5']).score(reference, answer)`.
 */
export function rougeNScore(answer: string, reference: string, order: number): number {
  const matches = ngramMatches(rougeTokens(answer), rougeTokens(reference), order).at(-1)
  return matches === undefined ? 0 : fMeasure(matches.matched, matches.answerCount, matches.referenceCount)
}

/**
 * ROUGE-L from 0 to 1, the F-measure of the longest common subsequence of words. Words after the first 16,384 match nothing.
 * Source: Lin 2004; the same value as rouge-score 0.1.2's `RougeScorer(['rougeL']).score(reference, answer)`.
 */
export function rougeLScore(answer: string, reference: string): number {
  const [answerTokens, referenceTokens] = [rougeTokens(answer), rougeTokens(reference)]
  return fMeasure(commonSubsequenceLength(answerTokens, referenceTokens), answerTokens.length, referenceTokens.length)
}

function fMeasure(matched: number, answerCount: number, referenceCount: number): number {
  return matched === 0 ? 0 : (2 * matched) / (answerCount + referenceCount)
}
