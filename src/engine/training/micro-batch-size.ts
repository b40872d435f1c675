/**
 * @file How many tokens are computed at once: as many as fit the memory that training may take, and no more than keep the processor's caches useful.
 */
import type { LlamaConfig } from '../architecture/llama-config.ts'

/** Memory for the intermediate values of one forward and backward pass. */
const BUDGET_BYTES = 2 ** 31
const MOST_TOKENS = 2048

/** A rough count of float32 values that one token keeps alive during the backward pass, at rows of `rowLength` tokens. */
function valuesPerToken(config: LlamaConfig, rowLength: number): number {
  const layer = 7 * config.hiddenSize + 4 * config.intermediateSize + config.headCount * rowLength + 2 * config.headCount * config.headDim
  return config.layerCount * layer + 2 * config.vocabSize
}

/** Tokens of one micro-batch whose longest sequence has `rowLength` tokens. */
export function tokensPerMicroBatch(config: LlamaConfig, rowLength: number): number {
  return Math.min(MOST_TOKENS, Math.max(rowLength, Math.floor(BUDGET_BYTES / (4 * valuesPerToken(config, rowLength)))))
}
