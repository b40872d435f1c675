/**
 * @file Grader "text-similarity": how like the expected text the answer is, by a metric that people know. A likeness is no proof of right.
 */
import { z } from 'zod'
import type { GradeInput, Grader } from '../../eval/grader.ts'
import { builtIn } from '../../eval/user-code.ts'
import { answerText } from '../answer-text.ts'
import { gradeOf, unusableGold } from '../grade-result.ts'
import { checkOptions, choice, COMMON } from '../options/check-options.ts'
import { TEXT_METRICS, textScores } from './text-metric.ts'
import type { TextMetric } from './text-metric.ts'

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
  return builtIn({
    name: options.name ?? metric.replaceAll('_', '-'),
    kind: 'text-similarity',
    version: 1,
    settings: { metric },
    weight: options.weight,
    ready: () => textScores.load(),
    grade: (input) =>
      textScores.use(({ canMeasure, textScore }) => {
        const references = referencesOf(input).filter((reference) => canMeasure(metric, reference))
        if (references.length === 0) return unusableGold(`a text that ${metric} can measure, or a list of such texts`)
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
function referencesOf(input: GradeInput): readonly string[] {
  const { expected } = input.case
  if (typeof expected === 'string') return [expected]
  return Array.isArray(expected) && expected.every((item) => typeof item === 'string') ? expected : []
}
