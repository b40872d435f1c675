/**
 * @file The RFT graders that compare two texts: string_check and text_similarity.
 */
import { quoteUntrusted } from '../../base/untrusted-text.ts'
import type { GraderModels } from '../../eval/grader.ts'
import { textScores } from '../similarity/text-metric.ts'
import { RftInvalidError } from './errors.ts'
import { textPair } from './leaf.ts'
import type { MakeLeaf } from './leaf.ts'
import { failed } from './rft-failure.ts'
import type { RftScore } from './rft-failure.ts'
import type { RftStringCheck, RftTextSimilarity } from './rft-json.ts'

/** 1 or 0. A reference of no characters is contained in nothing, unlike in Python: an empty answer on that side must not pass. */
export const stringCheckLeaf: MakeLeaf<RftStringCheck> = (json, _, where) => {
  const render = textPair(json, where)
  return {
    range: [0, 1],
    score({ values }) {
      const pair = render(values)
      if ('failure' in pair) return pair
      return { score: holds(json.operation, pair.input, pair.reference) ? 1 : 0 }
    },
  }
}

function holds(operation: RftStringCheck['operation'], input: string, reference: string): boolean {
  switch (operation) {
    case 'eq':
      return input === reference
    case 'ne':
      return input !== reference
    case 'like':
      return reference !== '' && input.includes(reference)
    case 'ilike':
      return reference !== '' && input.toLowerCase().includes(reference.toLowerCase())
  }
}

/** 0 to 1 by the metric. `cosine` asks the model that the options name. */
export const textSimilarityLeaf: MakeLeaf<RftTextSimilarity> = (json, options, where) => {
  const render = textPair(json, where)
  const metric = json.evaluation_metric
  const { embeddings } = options
  if (metric === 'cosine' && embeddings === null)
    throw new RftInvalidError({ where, problems: ['cosine needs a model for its vectors: fromRft(json, { embeddings: "<model>" })'] })
  return {
    range: [0, 1],
    timeoutMs: metric === 'cosine' ? options.timeoutMs : undefined,
    score({ values, input }) {
      const pair = render(values)
      if ('failure' in pair) return pair
      if (metric !== 'cosine') return textScores.use(({ textScore }) => ({ score: textScore(metric, pair.input, pair.reference) }))
      return cosine(input.models, embeddings as string, [pair.input, pair.reference])
    },
  }
}

async function cosine(models: GraderModels | undefined, reference: string, texts: readonly [string, string]): Promise<RftScore> {
  if (models === undefined) return failed('GRADER_MODELS_MISSING', 'cosine asks a model for vectors, and no model may be asked here')
  try {
    const [a, b] = await models.embed(reference, texts)
    if (a === undefined || b === undefined || a.length !== b.length)
      return failed('MODEL_GRADER_PARSE_ERROR', 'the model gave no two vectors of one length')
    const product = a.reduce((sum, value, at) => sum + value * (b[at] as number), 0)
    if (!Number.isFinite(product)) return failed('MODEL_GRADER_PARSE_ERROR', 'the vectors of the model are no numbers')
    return { score: Math.min(1, Math.max(0, product)) }
  } catch (error) {
    return failed(
      'MODEL_GRADER_SERVER_ERROR',
      `the model for vectors failed: ${quoteUntrusted(error instanceof Error ? error.message : String(error), 200)}`,
    )
  }
}
