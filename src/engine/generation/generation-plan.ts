/**
 * @file In which order the completions of a request are computed, how many at a time, and which prompts are prefilled together: decided from the
 * request and the model's sizes alone, so that the same request is always computed in the same way. It computes nothing itself.
 */
import type { LlamaConfig } from '../architecture/llama-config.ts'
import { checkTokenIds } from '../check-sequences.ts'
import type { GenerateRequest, GenerationPrompt } from '../engine.ts'
import { EngineRequestError, SequenceTooLongError } from '../errors.ts'

/** One completion to compute: its index in the request and its own seed. */
export interface PlannedRow {
  readonly prompt: number
  readonly sample: number
  readonly seed: number
}

/** The order of a request's rows and the number that is decoded at a time. */
export interface GenerationPlan {
  readonly rows: readonly PlannedRow[]
  readonly batchSize: number
  /** Tokens of the longest prompt with all its new tokens. */
  readonly longest: number
}

const MAX_BATCH = 64
const MAX_CACHE_BYTES = 512 * 1024 * 1024
const MAX_PREFILL_TOKENS = 2048

/**
 * Longest prompts first: prompts of like length are prefilled with little padding, and the last rows to run are short.
 * @throws EngineRequestError, SequenceTooLongError
 */
export function planGeneration(request: GenerateRequest, config: LlamaConfig): GenerationPlan {
  checkRequest(request, config)
  const lengthOf = (prompt: number): number => (request.prompts[prompt] as GenerationPrompt).ids.length
  const order = request.prompts.map((_, index) => index).toSorted((a, b) => lengthOf(b) - lengthOf(a) || a - b)
  const rows = order.flatMap((prompt) =>
    (request.prompts[prompt] as GenerationPrompt).seeds.map((seed, sample) => ({ prompt, sample, seed })),
  )
  const longest = order.length === 0 ? 0 : lengthOf(order[0] as number) + request.sampling.maxNewTokens
  const rowBytes = longest * config.layerCount * config.kvHeadCount * config.headDim * 2 * 4
  const batchSize = Math.max(1, Math.min(MAX_BATCH, rows.length, Math.floor(MAX_CACHE_BYTES / Math.max(1, rowBytes))))
  return { rows, batchSize, longest }
}

/** The prompts to prefill together, beginning with `waiting[0]`: as many as fit the budget of padded tokens. */
export function nextPrefill(waiting: readonly number[], lengthOf: (prompt: number) => number): readonly number[] {
  let longest = 0
  let count = 0
  for (const prompt of waiting) {
    longest = Math.max(longest, lengthOf(prompt))
    if (count > 0 && longest * (count + 1) > MAX_PREFILL_TOKENS) break
    count++
  }
  return waiting.slice(0, count)
}

function checkRequest({ prompts, sampling }: GenerateRequest, { vocabSize, maxPositions }: LlamaConfig): void {
  checkSampling(sampling)
  for (const [index, { ids }] of prompts.entries()) {
    const where = `prompts[${index}]`
    if (ids.length === 0)
      throw new EngineRequestError({ where, problem: 'The prompt has no tokens', fix: 'begin every prompt with at least one token' })
    const needed = ids.length + sampling.maxNewTokens
    if (needed > maxPositions) throw new SequenceTooLongError({ where, tokenCount: needed, maxPositions })
    checkTokenIds(where, ids, vocabSize)
  }
}

function checkSampling({ temperature, topK, topP, maxNewTokens }: GenerateRequest['sampling']): void {
  const refuse = (problem: string, fix: string): never => {
    throw new EngineRequestError({ where: 'sampling', problem, fix })
  }
  if (!(temperature >= 0 && temperature < Infinity))
    refuse(`temperature ${temperature} cannot be used`, 'give 0 (greedy) or a positive number')
  if (!Number.isInteger(topK) || topK < 0) refuse(`topK ${topK} cannot be used`, 'give 0 (no limit) or a positive whole number')
  if (!(topP > 0 && topP <= 1)) refuse(`topP ${topP} cannot be used`, 'give a share above 0 and at most 1 (no limit)')
  if (!Number.isInteger(maxNewTokens) || maxNewTokens < 1)
    refuse(`maxNewTokens ${maxNewTokens} cannot be used`, 'give a positive whole number')
}
