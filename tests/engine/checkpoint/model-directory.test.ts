import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { openCheckpoint } from '../../../src/engine/checkpoint/checkpoint.ts'
import { parseModelConfig } from '../../../src/engine/checkpoint/model-config.ts'
import { openModelDirectory } from '../../../src/engine/checkpoint/model-directory.ts'
import { readSafetensors, tensorToFloats, writeSafetensors, type TensorValues } from '../../../src/engine/checkpoint/safetensors.ts'
import { writeModelDirectory } from '../../../src/engine/checkpoint/write-model-directory.ts'
import { fullWeights } from '../../../src/engine/training/weight-set.ts'

const FIXTURES = fileURLToPath(new URL('../fixtures', import.meta.url))
const scratch = mkdtempSync(join(tmpdir(), 'holdfast-model-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

let copies = 0
/** A copy of a fixture, with fields of config.json replaced. */
function copyOf(variant: string, change: Record<string, unknown> = {}): string {
  const directory = join(scratch, `${variant}-${copies++}`)
  cpSync(join(FIXTURES, variant), directory, { recursive: true })
  const path = join(directory, 'config.json')
  writeFileSync(path, JSON.stringify({ ...(JSON.parse(readFileSync(path, 'utf8')) as object), ...change }))
  return directory
}
/** The message of what opening throws, the scratch directory left out. */
function failure(directory: string): string {
  try {
    openModelDirectory(directory)
  } catch (error) {
    return (error as Error).message.replaceAll(directory, '<model>')
  }
  return 'none'
}

test('openModelDirectory() reads configuration, weights and stop tokens', () => {
  const model = openModelDirectory(join(FIXTURES, 'llama-tied'))
  expect(model.architecture).toBe('llama')
  expect(model.stopIds).toEqual([2])
  expect(model.parameterCount).toBe([...model.checkpoint.tensors.values()].reduce((sum, { lengthBytes }) => sum + lengthBytes / 2, 0))
  expect(model.checkpoint.read('model.norm.weight')).toHaveLength(24)
})

test('openModelDirectory() gives another hash for other weights and for another configuration', () => {
  const hashes = [copyOf('llama-tied'), copyOf('llama-tied'), copyOf('llama-tied', { rope_theta: 5 }), copyOf('llama-untied')].map(
    (directory) => openModelDirectory(directory).hash,
  )
  expect(hashes[0]).toBe(hashes[1])
  expect(new Set(hashes).size).toBe(3)
})

test('openModelDirectory() takes stop tokens from config.json where generation_config.json has none', () => {
  const directory = copyOf('llama-tied', { eos_token_id: [3, 4] })
  rmSync(join(directory, 'generation_config.json'))
  expect(openModelDirectory(directory).stopIds).toEqual([3, 4])
})

test('openModelDirectory() reads biases where the family has them', () => {
  const biased = (name: string, change: Record<string, unknown>): unknown => {
    const path = join(copyOf(name, change), 'config.json')
    return parseModelConfig(path, JSON.parse(readFileSync(path, 'utf8'))).biasedTargets
  }
  const attention = ['q_proj', 'k_proj', 'v_proj', 'o_proj']
  expect(biased('llama-tied', { attention_bias: true })).toEqual(attention)
  expect(biased('llama-tied', { attention_bias: true, mlp_bias: true })).toEqual([...attention, 'gate_proj', 'up_proj', 'down_proj'])
  expect(biased('qwen3', { attention_bias: true, mlp_bias: true })).toEqual(attention)
  expect(biased('qwen2', { attention_bias: true })).toEqual(['q_proj', 'k_proj', 'v_proj'])
  expect(biased('llama-tied', { model_type: 'mistral', attention_bias: true })).toEqual([])
  expect(failure(copyOf('llama-tied', { attention_bias: true }))).toContain('tensor "model.layers.0.self_attn.q_proj.bias" is missing')
})

/** A copy of a tied model with other matrices than its own: `null` leaves one out. */
function withMatrices(change: Readonly<Record<string, TensorValues | null>>, dtype: 'F16' | 'F32' = 'F16'): string {
  const directory = copyOf('llama-tied')
  const path = join(directory, 'model.safetensors')
  const file = readSafetensors(path)
  const own = [...file.tensors.values()].map((one) => [one.name, { shape: one.shape, values: tensorToFloats(file.bytes, one) }] as const)
  const all = new Map<string, TensorValues | null>([...own, ...Object.entries(change)])
  writeSafetensors(path, new Map([...all].filter((entry): entry is [string, TensorValues] => entry[1] !== null)), dtype)
  return directory
}

test('openModelDirectory() keeps a head that differs from the embedding it is said to be, as transformers does', () => {
  const embedding = openCheckpoint(join(FIXTURES, 'llama-tied')).read('model.embed_tokens.weight')
  const shape = [48, 24]
  const doubled = { shape, values: embedding.map((value) => 2 * value) }
  const other = openModelDirectory(withMatrices({ 'lm_head.weight': doubled }))
  expect(other.config.tiedEmbeddings).toBe(false)
  expect(other.checkpoint.read('lm_head.weight')).toEqual(doubled.values)
  expect(openModelDirectory(withMatrices({ 'lm_head.weight': { shape, values: embedding } })).config.tiedEmbeddings).toBe(true)
  expect(openModelDirectory(join(FIXTURES, 'llama-tied')).config.tiedEmbeddings).toBe(true)
  expect(failure(withMatrices({ 'lm_head.weight': { shape: [24, 48], values: embedding } }))).toContain(
    'tensor "lm_head.weight" is [24, 48], config.json means [48, 24]',
  )
})

test('openModelDirectory() takes the head of a tied model for its embedding where the file holds only that', () => {
  const embedding = openCheckpoint(join(FIXTURES, 'llama-tied')).read('model.embed_tokens.weight')
  const { config, checkpoint } = openModelDirectory(
    withMatrices({ 'lm_head.weight': { shape: [48, 24], values: embedding }, 'model.embed_tokens.weight': null }),
  )
  expect([config.tiedEmbeddings, checkpoint.read('model.embed_tokens.weight')]).toEqual([true, embedding])
})

test('writeModelDirectory() says that a head which is its own is no longer tied', () => {
  const values = Float32Array.from({ length: 48 * 24 }, (_, at) => at % 7)
  const { path, config, checkpoint } = openModelDirectory(withMatrices({ 'lm_head.weight': { shape: [48, 24], values } }))
  const directory = join(scratch, 'written-head')
  writeModelDirectory({ path, config, read: checkpoint.read }, fullWeights(config, checkpoint.read), directory)
  expect(JSON.parse(readFileSync(join(directory, 'config.json'), 'utf8'))).toMatchObject({ tie_word_embeddings: false, dtype: 'float16' })
  expect(openModelDirectory(directory).checkpoint.read('lm_head.weight')).toEqual(values)
})

test('openModelDirectory() refuses an unknown architecture and names the supported ones', () => {
  expect(failure(copyOf('llama-tied', { model_type: 'gpt2' }))).toMatchInlineSnapshot(`
    "ARCHITECTURE_UNSUPPORTED  The engine has no graph for model_type "gpt2"
      where  <model>/config.json
      fix    use a model of the Llama family (model_type llama, mistral, qwen2 or qwen3), or serve this one and grade it through an OpenAI-compatible server"
  `)
})

test.each([
  [{ quantization_config: { bits: 4 } }, 'quantised weights (quantization_config)'],
  [{ hidden_act: 'gelu' }, 'the activation "gelu"'],
  [{ rope_parameters: { rope_type: 'yarn', factor: 4 } }, 'rotary positions of the kind "yarn"'],
  [{ rope_parameters: null, rope_scaling: { type: 'linear', factor: 4 } }, 'rotary positions of the kind "linear"'],
  [{ rope_parameters: { partial_rotary_factor: 0.5 } }, 'rotary positions on a part of each head (partial_rotary_factor)'],
])('openModelDirectory() refuses the variation %j', (change, name) => {
  expect(failure(copyOf('llama-tied', change))).toContain(
    `ARCHITECTURE_UNSUPPORTED  The engine has no graph for a llama model with ${name}`,
  )
})

test('openModelDirectory() names the missing or malformed file', () => {
  const [noConfig, noWeights, badJson, badField] = [
    copyOf('qwen2'),
    copyOf('qwen2'),
    copyOf('qwen2'),
    copyOf('qwen2', { hidden_size: 'x' }),
  ]
  rmSync(join(noConfig, 'config.json'))
  rmSync(join(noWeights, 'model.safetensors'))
  writeFileSync(join(badJson, 'config.json'), '{"model_type": ')
  expect([noConfig, noWeights, badJson, badField].map(failure).join('\n')).toMatchInlineSnapshot(`
    "MODEL_FILE_MISSING  The model directory has no configuration
      where  <model>/config.json
      fix    point to a directory in Hugging Face form: config.json, model.safetensors, tokenizer.json, tokenizer_config.json
    MODEL_FILE_MISSING  The model directory has no weight file
      where  <model>/model.safetensors
      fix    point to a directory in Hugging Face form: config.json, model.safetensors, tokenizer.json, tokenizer_config.json
    MODEL_CONFIG_INVALID  The file is not valid JSON: "Unexpected end of JSON input"
      where  <model>/config.json
      fix    restore the file as the model was published
    MODEL_CONFIG_INVALID  The field "hidden_size" cannot be used: Invalid input: expected number, received string
      where  <model>/config.json
      fix    restore the file as the model was published"
  `)
})

test('openModelDirectory() refuses weights that do not fit the configuration', () => {
  const extra = copyOf('llama-tied')
  const file = readSafetensors(join(extra, 'model.safetensors'))
  const tensors = new Map(
    [...file.tensors.values()].map((one) => [one.name, { shape: one.shape, values: tensorToFloats(file.bytes, one) }]),
  )
  writeSafetensors(
    join(extra, 'model.safetensors'),
    tensors.set('model.layers.0.self_attn.o_proj.bias', { shape: [1], values: Float32Array.of(1) }),
  )
  const directories = [copyOf('llama-tied', { intermediate_size: 41 }), copyOf('llama-tied', { num_hidden_layers: 3 }), extra]
  expect(directories.map(failure).join('\n')).toMatchInlineSnapshot(`
    "WEIGHTS_MISMATCH  The weights do not fit config.json: tensor "model.layers.0.mlp.gate_proj.weight" is [40, 24], config.json means [41, 24]
      where  <model>
      fix    use config.json and weights of one and the same model
    WEIGHTS_MISMATCH  The weights do not fit config.json: tensor "model.layers.2.input_layernorm.weight" is missing
      where  <model>
      fix    use config.json and weights of one and the same model
    WEIGHTS_MISMATCH  The weights do not fit config.json: tensor "model.layers.0.self_attn.o_proj.bias" has no place in the model
      where  <model>
      fix    use config.json and weights of one and the same model"
  `)
})

test('openModelDirectory() refuses a tokenizer with ids that the model does not embed', () => {
  const directory = copyOf('llama-tied')
  cpSync(join(FIXTURES, 'tokenizer', 'tokenizer.json'), join(directory, 'tokenizer.json'))
  expect(failure(directory)).toMatchInlineSnapshot(`
    "TOKENIZER_MISMATCH  The tokenizer does not fit the model: it has token id 319, the model embeds ids 0 to 47
      where  <model>/tokenizer.json
      fix    use the tokenizer.json that was published with these weights"
  `)
})

test('openModelDirectory() refuses a stop token outside the vocabulary', () => {
  const directory = copyOf('llama-tied')
  writeFileSync(join(directory, 'generation_config.json'), '{"eos_token_id": [2, 48]}')
  expect(failure(directory)).toMatchInlineSnapshot(`
    "MODEL_CONFIG_INVALID  eos_token_id 48 is no token of the model
      where  <model>/generation_config.json
      fix    restore the file as the model was published"
  `)
})

test('openCheckpoint() joins the files that an index names', () => {
  const directory = copyOf('llama-tied')
  const whole = openCheckpoint(directory)
  const names = [...whole.tensors.keys()]
  for (const [part, kept] of [names.slice(0, 5), names.slice(5)].entries()) {
    const values = kept.map((name) => [name, { shape: whole.tensors.get(name)?.shape ?? [], values: whole.read(name) }] as const)
    writeSafetensors(join(directory, `part-${part}.safetensors`), new Map(values), 'F16')
  }
  rmSync(join(directory, 'model.safetensors'))
  const map = Object.fromEntries(names.map((name, i) => [name, `part-${i < 5 ? 0 : 1}.safetensors`]))
  writeFileSync(join(directory, 'model.safetensors.index.json'), JSON.stringify({ weight_map: map }))
  const sharded = openModelDirectory(directory).checkpoint
  for (const name of names) expect(sharded.read(name)).toEqual(whole.read(name))
  writeFileSync(join(directory, 'model.safetensors.index.json'), JSON.stringify({ weight_map: { a: '../part-0.safetensors' } }))
  expect(failure(directory)).toContain('The index names a file outside the directory: "../part-0.safetensors"')
})

const LLAMA = {
  model_type: 'llama',
  vocab_size: 10,
  hidden_size: 8,
  intermediate_size: 16,
  num_hidden_layers: 1,
  num_attention_heads: 2,
  rms_norm_eps: 1e-6,
  max_position_embeddings: 4096,
}

test('parseModelConfig() reads rotary settings in the old and the new form', () => {
  const scaling = { rope_type: 'llama3', factor: 32, low_freq_factor: 1, high_freq_factor: 4, original_max_position_embeddings: 8192 }
  const old = parseModelConfig('config.json', { ...LLAMA, rope_theta: 500_000, rope_scaling: scaling })
  const current = parseModelConfig('config.json', { ...LLAMA, rope_parameters: { ...scaling, rope_theta: 500_000 } })
  expect(current).toEqual(old)
  expect(old).toMatchObject({ ropeTheta: 500_000, ropeScaling: { factor: 32, originalMaxPositions: 8192 }, kvHeadCount: 2, headDim: 4 })
  expect(parseModelConfig('config.json', LLAMA)).toMatchObject({ ropeTheta: 10_000, tiedEmbeddings: false })
})

test('parseModelConfig() uses a sliding window no further than where it is full attention', () => {
  expect(parseModelConfig('c', { ...LLAMA, model_type: 'mistral', sliding_window: 1024 }).maxPositions).toBe(1024)
  expect(parseModelConfig('c', { ...LLAMA, model_type: 'mistral', sliding_window: null }).maxPositions).toBe(4096)
  expect(parseModelConfig('c', { ...LLAMA, model_type: 'qwen2', sliding_window: 1024, use_sliding_window: false }).maxPositions).toBe(4096)
})
