/**
 * @file Grader "text-similarity": how like the expected text the answer is, by a metric that people know. A likeness is no proof of right.
 */
import { z } from 'zod'
import type { JsonValue } from '../../base/json.ts'
import type { Grader } from '../../eval/grader.ts'
import { builtIn } from '../../eval/user-code.ts'
import { answerText } from '../answer-text.ts'
import { gradeOf, unusableGold } from '../grade-result.ts'
import { checkOptions, choice, COMMON } from '../options/check-options.ts'
import { RFT_EXPECTED, RFT_SAMPLE } from '../rft/rft-json.ts'
import { TEXT_METRICS, textScores } from './text-metric.ts'
import type { TextMetric } from './text-metric.ts'
import type { GraderCard } from '../grader-card.ts'

/** Settings that all metrics share. */
export interface MetricGraderOptions {
  readonly name?: string
  readonly weight?: number
}

/** Settings of `textSimilarity`. */
export interface TextSimilarityOptions extends MetricGraderOptions {
  readonly metric: TextMetric
}

/** Settings of `rouge`: runs of that many words, or the longest common subsequence. */
export interface RougeOptions extends MetricGraderOptions {
  readonly n: 1 | 2 | 3 | 4 | 5 | 'l'
}

/**
 * Reward is the metric's value, 0 to 1, in both profiles. The case's expected answer is a text or a list of texts, of which the likest counts.
 * No answer may cost more than a bounded time: the metrics are linear, or look at the first 16,384 words or characters.
 */
export function textSimilarity(options: TextSimilarityOptions): Grader {
  checkOptions<TextSimilarityOptions>('textSimilarity', options, { ...COMMON, metric: choice(...TEXT_METRICS) })
  const { metric } = options
  const wanted = `a text that ${metric} can measure, or a list of such texts`
  return builtIn({
    name: options.name ?? metric.replaceAll('_', '-'),
    kind: 'text-similarity',
    version: 1,
    settings: { metric },
    weight: options.weight,
    ready: () => textScores.load(),
    expectedProblem(expected) {
      const { canMeasure } = textScores.get()
      return referencesOf(expected).some((reference) => canMeasure(metric, reference)) ? null : `not ${wanted}`
    },
    traits: { toRft: () => ({ json: { type: 'text_similarity', input: RFT_SAMPLE, reference: RFT_EXPECTED, evaluation_metric: metric } }) },
    grade: (input) =>
      textScores.use(({ canMeasure, textScore }) => {
        const references = referencesOf(input.case.expected).filter((reference) => canMeasure(metric, reference))
        if (references.length === 0) return unusableGold(wanted)
        const answer = answerText(input)
        if (answer === null) return gradeOf(0, { formatValid: false })
        return gradeOf(Math.max(...references.map((reference) => textScore(metric, answer, reference))))
      }),
  })
}

/** The grader of sentence BLEU, as `textSimilarity({ metric: 'bleu' })`. */
export function bleu(options: MetricGraderOptions = {}): Grader {
  checkOptions<MetricGraderOptions>('bleu', options, COMMON)
  return textSimilarity({ ...options, metric: 'bleu' })
}

/** The grader of ROUGE-1 to ROUGE-5 and ROUGE-L, as `textSimilarity({ metric: 'rouge_l' })`. */
export function rouge(given: RougeOptions): Grader {
  const n = z.union([z.literal([1, 2, 3, 4, 5]), z.literal('l')], 'must be 1, 2, 3, 4, 5 or "l"')
  checkOptions<RougeOptions>('rouge', given, { ...COMMON, n })
  return ofRouge(given)
}

function ofRouge({ n, ...options }: RougeOptions): Grader {
  return textSimilarity({ ...options, metric: `rouge_${n}` })
}

/** None where a member of the list is no text. */
function referencesOf(expected: JsonValue): readonly string[] {
  if (typeof expected === 'string') return [expected]
  return Array.isArray(expected) && expected.every((item) => typeof item === 'string') ? expected : []
}

export const textSimilarityCard: GraderCard<typeof textSimilarity> = {
  make: textSimilarity,
  family: 'likeness',
  compares: 'words or letters, by a `metric` that people know',
  expected: 'a text or list of texts',
  rewardDemands: 'nothing more',
  partialCredit: 'yes',
  example: {
    make: () => textSimilarity({ metric: 'fuzzy_match' }),
    expected: 'take it twice a day',
    right: 'take it twice a day',
    wrong: 'lung',
  },
}

export const bleuCard: GraderCard<typeof bleu> = {
  make: bleu,
  family: 'likeness',
  compares: 'runs of words, by sentence BLEU',
  expected: 'a text or list of texts',
  rewardDemands: 'nothing more',
  partialCredit: 'yes',
  example: { make: () => bleu(), expected: 'take it twice a day', right: 'take it twice a day', wrong: 'no' },
}

export const rougeCard: GraderCard<typeof rouge> = {
  make: rouge,
  family: 'likeness',
  compares: 'runs of `n` words, or the longest common subsequence',
  expected: 'a text or list of texts',
  rewardDemands: 'nothing more',
  partialCredit: 'yes',
  example: { make: () => rouge({ n: 'l' }), expected: 'take it twice a day', right: 'take it twice a day', wrong: 'no' },
}
