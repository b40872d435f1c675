/**
 * @file Methods one after another on the same adapter, each with a fresh optimizer.
 */
import type { WrittenChain, WrittenMethodUnion } from './written-methods.ts'

/**
 * Methods one after another on the same adapter, each with a fresh optimizer: at least two.
 * @example
 * chain(sft({ steps: 20, batchSize: 16, learningRate: 5e-4 }), grpo({ steps: 20, promptsPerStep: 16, samplesPerPrompt: 8, learningRate: 2e-4 }))
 */
export function chain(...stages: readonly WrittenMethodUnion[]): WrittenChain {
  return { name: 'chain', stages }
}
