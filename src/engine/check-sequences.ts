/**
 * @file Refuses sequences that no graph could score: ids outside the vocabulary, too many tokens, no token before the completion, weights of another
 * length. Checked before anything is computed, because the runtime's own messages name neither the sequence nor the remedy.
 */
import type { LlamaConfig } from './architecture/llama-config.ts'
import type { LoraOptions, TokenSequence } from './engine.ts'
import { LORA_TARGETS } from './engine.ts'
import { EngineRequestError, SequenceTooLongError } from './errors.ts'

/** @throws EngineRequestError, SequenceTooLongError */
export function checkSequences(sequences: readonly TokenSequence[], { vocabSize, maxPositions }: LlamaConfig): void {
  for (const [index, { ids, promptLength }] of sequences.entries()) {
    const where = `sequences[${index}]`
    if (ids.length > maxPositions) throw new SequenceTooLongError({ where, tokenCount: ids.length, maxPositions })
    if (!Number.isInteger(promptLength) || promptLength < 1 || promptLength > ids.length) {
      const problem = `promptLength ${promptLength} does not lie within the sequence of ${ids.length} tokens`
      throw new EngineRequestError({ where, problem, fix: 'begin every sequence with at least one token of prompt' })
    }
    checkTokenIds(where, ids, vocabSize)
  }
}

/** @throws EngineRequestError */
export function checkTokenIds(where: string, ids: Int32Array, vocabSize: number): void {
  const bad = ids.find((id) => id < 0 || id >= vocabSize)
  if (bad === undefined) return
  throw new EngineRequestError({
    where,
    problem: `Token id ${bad} is outside the vocabulary of ${vocabSize}`,
    fix: "encode the text with the model's own tokenizer",
  })
}

/** @throws EngineRequestError */
export function checkGradients(sequences: readonly TokenSequence[], gradients: readonly Float32Array[]): void {
  const fix = 'give one number per completion token, f32[ids.length - promptLength]'
  if (gradients.length !== sequences.length) {
    throw new EngineRequestError({
      where: 'gradients.logProb',
      problem: `There are ${gradients.length} gradients for ${sequences.length} sequences`,
      fix,
    })
  }
  for (const [index, { ids, promptLength }] of sequences.entries()) {
    const given = gradients[index] as Float32Array
    const where = `gradients.logProb[${index}]`
    if (given.length !== ids.length - promptLength) {
      throw new EngineRequestError({
        where,
        problem: `It has ${given.length} numbers, the completion ${ids.length - promptLength} tokens`,
        fix,
      })
    }
    if (!given.every(Number.isFinite))
      throw new EngineRequestError({
        where,
        problem: 'It holds a number that is not finite',
        fix: 'check the loss that it was computed from',
      })
  }
}

/** @throws EngineRequestError */
export function checkLora({ rank, alpha, targets }: LoraOptions): void {
  const refuse = (problem: string, fix: string): never => {
    throw new EngineRequestError({ where: 'lora', problem, fix })
  }
  if (!Number.isInteger(rank) || rank < 1) refuse(`rank ${rank} cannot be used`, 'give a positive whole number')
  if (!(alpha > 0 && alpha < Infinity)) refuse(`alpha ${alpha} cannot be used`, 'give a positive number')
  const wrong = targets.find((target, index) => !LORA_TARGETS.includes(target) || targets.indexOf(target) !== index)
  if (wrong !== undefined) refuse(`target ${JSON.stringify(wrong)} is unknown or named twice`, `choose among ${LORA_TARGETS.join(', ')}`)
  if (targets.length === 0) refuse('No targets are named', `choose among ${LORA_TARGETS.join(', ')}`)
}
