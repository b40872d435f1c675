/**
 * @file BLEU and GLEU of one answer: how many short runs of words it shares with the reference.
 */
import { tokens13a } from './metric-tokens.ts'
import { ngramMatches } from './ngram-matches.ts'

const MAX_ORDER = 4

/**
 * Sentence BLEU from 0 to 1: precision of runs of 1 to 4 words with the brevity penalty. Letter case counts. An order without a match counts
 * 1/2, 1/4, … match (method 3 of Chen and Cherry 2014, "exp"), and answers shorter than 4 words are measured by the orders that they have.
 * Source: Papineni and others 2002; the same value as sacrebleu 2.6.0's `BLEU(effective_order=True).sentence_score` over 100.
 */
export function bleuScore(answer: string, reference: string): number {
  const [answerTokens, referenceTokens] = [tokens13a(answer), tokens13a(reference)]
  const orders = ngramMatches(answerTokens, referenceTokens, MAX_ORDER).filter(({ answerCount }) => answerCount > 0)
  if (orders.every(({ matched }) => matched === 0)) return 0
  let halved = 1
  let logSum = 0
  for (const { matched, answerCount } of orders) {
    if (matched === 0) halved /= 2
    logSum += Math.log((matched === 0 ? halved : matched) / answerCount)
  }
  const brevity = Math.min(0, 1 - referenceTokens.length / answerTokens.length)
  return Math.min(1, Math.exp(brevity + logSum / orders.length))
}

/**
 * Sentence GLEU from 0 to 1: the smaller of precision and recall over runs of 1 to 4 words together, on the same words as BLEU.
 * Source: Wu and others 2016, section 6; the same value as nltk 3.9.1's `sentence_gleu` on mteval-v13a tokens.
 */
export function gleuScore(answer: string, reference: string): number {
  const orders = ngramMatches(tokens13a(answer), tokens13a(reference), MAX_ORDER)
  const sum = (member: 'matched' | 'answerCount' | 'referenceCount'): number => orders.reduce((total, order) => total + order[member], 0)
  const most = Math.max(sum('answerCount'), sum('referenceCount'))
  return most === 0 ? 0 : sum('matched') / most
}
