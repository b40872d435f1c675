/**
 * @file Grader "embedding-similarity": how near the answer's vector is to the expected text's, by a model of the user's choice.
 */
import { isHoldfastError } from '../base/errors.ts'
import type { JsonValue } from '../base/json.ts'
import { quoteUntrusted } from '../base/untrusted-text.ts'
import type { Grader } from '../eval/grader.ts'
import { builtIn } from '../eval/user-code.ts'
import { isServerReference } from '../model/chat/server-reference.ts'
import { answerText } from './answer-text.ts'
import { GraderOptionsError } from './errors.ts'
import { ABOVE_ZERO, checkOptions, COMMON, NUMBER, TEXT } from './options/check-options.ts'
import { gradeOf, unusableGold, ungraded } from './grade-result.ts'
import type { GraderCard } from './grader-card.ts'

/** Settings of `embeddingSimilarity`. */
export interface EmbeddingSimilarityOptions {
  /** A model directory or hub id (mean of its last hidden states), or a server with /v1/embeddings. */
  readonly model: string
  readonly name?: string
  readonly weight?: number
  /** Cosine from which the reward is 1, and 0 below it. Default: none, the reward is the cosine. */
  readonly threshold?: number
  readonly timeoutMs?: number
}

const TIMEOUT_MS = 120_000
/** Characters that are compared at most. */
const LONGEST = 20_000

const WANTED = 'a text or a list of texts'

/**
 * Reward: the cosine of the two vectors, below 0 counted as 0; where the case expects a list of texts, that of the nearest.
 * @throws GraderOptionsError for a threshold outside -1 to 1
 */
export function embeddingSimilarity(options: EmbeddingSimilarityOptions): Grader {
  checkOptions<EmbeddingSimilarityOptions>('embeddingSimilarity', options, {
    ...COMMON,
    model: TEXT,
    threshold: NUMBER.optional(),
    timeoutMs: ABOVE_ZERO.optional(),
  })
  const { model, threshold } = options
  if (threshold !== undefined && !(threshold >= -1 && threshold <= 1))
    throw new GraderOptionsError({
      grader: 'embeddingSimilarity',
      problem: `the threshold ${threshold} is no cosine`,
      fix: 'give a number from -1 to 1',
    })
  return builtIn({
    name: options.name ?? 'embedding-similarity',
    kind: 'embedding-similarity',
    version: 1,
    settings: { model, threshold: threshold ?? null },
    // A server's vectors have no fingerprint.
    ...(isServerReference(model) ? {} : { models: [model] }),
    weight: options.weight,
    timeoutMs: options.timeoutMs ?? TIMEOUT_MS,
    expectedProblem: (expected) => (textsOf(expected) === null ? `not ${WANTED}` : null),
    traits: { asksModel: true },
    async grade(input) {
      const golds = textsOf(input.case.expected)
      if (golds === null) return unusableGold(WANTED)
      const answer = answerText(input)
      if (answer === null) return gradeOf(0, { formatValid: false })
      if (input.models === undefined) return ungraded('EMBEDDING_FAILED', 'no other model may be asked here')
      try {
        const [own, ...others] = await input.models.embed(
          model,
          [answer, ...golds].map((text) => text.slice(0, LONGEST)),
        )
        const cosine = Math.max(...others.map((other) => dot(own as Float32Array, other)))
        if (!Number.isFinite(cosine)) return ungraded('EMBEDDING_FAILED', 'the vectors hold no finite numbers, or have unequal lengths')
        const reward = threshold === undefined ? Math.min(1, Math.max(0, cosine)) : Number(cosine >= threshold)
        return gradeOf(reward, { subRewards: { cosine } })
      } catch (error) {
        const reason = isHoldfastError(error) ? `${error.code} ${error.summary}` : String(error)
        return ungraded('EMBEDDING_FAILED', `the vectors could not be had: ${quoteUntrusted(reason, 300)}`)
      }
    },
  })
}

function textsOf(expected: JsonValue): readonly string[] | null {
  const texts = (Array.isArray(expected) ? expected : [expected]) as readonly JsonValue[]
  return texts.length > 0 && texts.every((text) => typeof text === 'string') ? texts : null
}

/** NaN for vectors of unequal lengths. */
function dot(left: Float32Array, right: Float32Array): number {
  if (left.length !== right.length) return Number.NaN
  return left.reduce((sum, value, i) => sum + value * (right[i] as number), 0)
}

export const embeddingSimilarityCard: GraderCard<typeof embeddingSimilarity> = {
  make: embeddingSimilarity,
  family: 'likeness',
  compares: 'meaning, by vectors',
  expected: 'a text or list of texts',
  rewardDemands: 'nothing more',
  partialCredit: 'yes, unless `threshold`',
  example: null,
}
