/**
 * @file The text metrics by the names that OpenAI's text_similarity grader gives them. Their values are text-score.ts, loaded when one is first measured.
 */
import { OnFirstUse } from '../../base/on-first-use.ts'

/** All metrics; each gives 0 to 1 for an answer and a reference. */
export const TEXT_METRICS = [
  'fuzzy_match',
  'bleu',
  'gleu',
  'meteor',
  'rouge_1',
  'rouge_2',
  'rouge_3',
  'rouge_4',
  'rouge_5',
  'rouge_l',
] as const

/** A text metric. */
export type TextMetric = (typeof TEXT_METRICS)[number]

/** What measures them. */
export const textScores = new OnFirstUse(() => import('./text-score.ts'))
