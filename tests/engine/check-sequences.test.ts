import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { checkGradients, checkLora, checkSequences } from '../../src/engine/check-sequences.ts'
import { openModelDirectory } from '../../src/engine/checkpoint/model-directory.ts'
import { EngineClosedError, OptimizerMismatchError } from '../../src/engine/errors.ts'

const { config } = openModelDirectory(fileURLToPath(new URL('fixtures/llama-tied', import.meta.url)))
const sequence = (ids: number[], promptLength: number): { ids: Int32Array; promptLength: number } => ({
  ids: Int32Array.from(ids),
  promptLength,
})
function failure(work: () => void): string {
  try {
    work()
  } catch (error) {
    return (error as Error).message
  }
  return 'none'
}

test('checkSequences() refuses what no graph could score', () => {
  const tooLong = sequence(
    Array.from({ length: 65 }, () => 1),
    1,
  )
  const wrong = [tooLong, sequence([1, 2], 0), sequence([1, 2], 3), sequence([1, 48], 1)]
  expect(wrong.map((one) => failure(() => checkSequences([sequence([1, 2], 1), one], config))).join('\n')).toMatchInlineSnapshot(`
    "SEQUENCE_TOO_LONG  The sequence needs 65 positions, the model has 64
      where  sequences[1]
      fix    shorten the prompt or lower maxNewTokens
    ENGINE_REQUEST  promptLength 0 does not lie within the sequence of 2 tokens
      where  sequences[1]
      fix    begin every sequence with at least one token of prompt
    ENGINE_REQUEST  promptLength 3 does not lie within the sequence of 2 tokens
      where  sequences[1]
      fix    begin every sequence with at least one token of prompt
    ENGINE_REQUEST  Token id 48 is outside the vocabulary of 48
      where  sequences[1]
      fix    encode the text with the model's own tokenizer"
  `)
  expect(failure(() => checkSequences([sequence([1, 2], 2)], config))).toBe('none')
})

test('checkGradients() refuses numbers that do not belong to the completions', () => {
  const one = sequence([1, 2, 3], 1)
  const wrong = [[], [Float32Array.of(1)], [Float32Array.of(1, NaN)]]
  expect(wrong.map((gradients) => failure(() => checkGradients([one], gradients))).join('\n')).toMatchInlineSnapshot(`
    "ENGINE_REQUEST  There are 0 gradients for 1 sequences
      where  gradients.logProb
      fix    give one number per completion token, f32[ids.length - promptLength]
    ENGINE_REQUEST  It has 1 numbers, the completion 2 tokens
      where  gradients.logProb[0]
      fix    give one number per completion token, f32[ids.length - promptLength]
    ENGINE_REQUEST  It holds a number that is not finite
      where  gradients.logProb[0]
      fix    check the loss that it was computed from"
  `)
})

test('checkLora() refuses settings that make no adapter', () => {
  const lora = { rank: 4, alpha: 8, targets: ['q_proj'], seed: 1 } as const
  const wrong = [
    { rank: 0 },
    { alpha: 0 },
    { targets: [] },
    { targets: ['q_proj', 'q_proj'] as const },
    { targets: ['lm_head' as 'q_proj'] },
  ]
  expect(wrong.map((change) => failure(() => checkLora({ ...lora, ...change }))).join('\n')).toMatchInlineSnapshot(`
    "ENGINE_REQUEST  rank 0 cannot be used
      where  lora
      fix    give a positive whole number
    ENGINE_REQUEST  alpha 0 cannot be used
      where  lora
      fix    give a positive number
    ENGINE_REQUEST  No targets are named
      where  lora
      fix    choose among q_proj, k_proj, v_proj, o_proj, gate_proj, up_proj, down_proj
    ENGINE_REQUEST  target "q_proj" is unknown or named twice
      where  lora
      fix    choose among q_proj, k_proj, v_proj, o_proj, gate_proj, up_proj, down_proj
    ENGINE_REQUEST  target "lm_head" is unknown or named twice
      where  lora
      fix    choose among q_proj, k_proj, v_proj, o_proj, gate_proj, up_proj, down_proj"
  `)
})

test('errors of foreign optimizer state and of a closed engine say what to do', () => {
  const errors = [
    new OptimizerMismatchError({ path: 'optimizer.safetensors', tensor: 'w.first' }),
    new EngineClosedError({ reason: 'it was closed' }),
  ]
  expect(errors.map((error) => error.message).join('\n')).toMatchInlineSnapshot(`
    "OPTIMIZER_MISMATCH  The optimizer state does not fit the weights: "w.first" belongs to no tensor of its size
      where  optimizer.safetensors
      fix    load the state that was saved together with these weights
    ENGINE_CLOSED  The engine is gone: it was closed
      where  engine
      fix    open the engine again"
  `)
})
