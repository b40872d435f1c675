/**
 * @file The values of the text metrics, and what they can measure.
 */
import { bleuScore, gleuScore } from './bleu.ts'
import { fuzzyMatchScore } from './fuzzy-match.ts'
import { meteorScore } from './meteor.ts'
import { rougeTokens, tokens13a } from './metric-tokens.ts'
import { rougeLScore, rougeNScore } from './rouge.ts'
import type { TextMetric } from './text-metric.ts'

const SCORES: Readonly<Record<TextMetric, (answer: string, reference: string) => number>> = {
  fuzzy_match: fuzzyMatchScore,
  bleu: bleuScore,
  gleu: gleuScore,
  meteor: meteorScore,
  rouge_1: (answer, reference) => rougeNScore(answer, reference, 1),
  rouge_2: (answer, reference) => rougeNScore(answer, reference, 2),
  rouge_3: (answer, reference) => rougeNScore(answer, reference, 3),
  rouge_4: (answer, reference) => rougeNScore(answer, reference, 4),
  rouge_5: (answer, reference) => rougeNScore(answer, reference, 5),
  rouge_l: rougeLScore,
}

/** The metric's value, 0 to 1. */
export function textScore(metric: TextMetric, answer: string, reference: string): number {
  return SCORES[metric](answer, reference)
}

/** Whether the metric can tell answers apart by this reference: it has what the metric counts, enough words for an n-gram included. */
export function canMeasure(metric: TextMetric, reference: string): boolean {
  if (metric === 'fuzzy_match') return reference !== ''
  if (!metric.startsWith('rouge_')) return tokens13a(reference).length > 0
  return rougeTokens(reference).length >= (metric === 'rouge_l' ? 1 : Number(metric.slice(-1)))
}
