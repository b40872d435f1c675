/**
 * @file The sizes of a model that estimates are made from, read from config.json. Lenient where the embedded engine is strict: a family that only
 * transformers can run has the same few numbers. It reads no weights.
 */
import { z } from 'zod'
import { linearShape, type LlamaConfig } from '../engine/architecture/llama-config.ts'
import { LORA_TARGETS, type LoraTarget } from '../engine/engine.ts'
import { ModelConfigError } from '../engine/errors.ts'

/** What the estimates need to know of a decoder-only transformer with gated feed-forward layers. */
export type ModelFigures = Pick<
  LlamaConfig,
  'vocabSize' | 'hiddenSize' | 'intermediateSize' | 'layerCount' | 'headCount' | 'kvHeadCount' | 'headDim' | 'tiedEmbeddings' | 'qkNorm'
>

const size = z.number().int().positive()
const figuresSchema = z.object({
  vocab_size: size,
  hidden_size: size,
  intermediate_size: size,
  num_hidden_layers: size,
  num_attention_heads: size,
  num_key_value_heads: size.nullish(),
  head_dim: size.nullish(),
  tie_word_embeddings: z.boolean().nullish(),
})

/**
 * The sizes that a parsed config.json names. `path` is for the message.
 * @throws ModelConfigError when one of them is missing
 */
export function modelFiguresOf(path: string, json: Readonly<Record<string, unknown>>): ModelFigures {
  const parsed = figuresSchema.safeParse(json)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    throw new ModelConfigError({ path, problem: `The field "${issue?.path.join('.')}" is needed for estimates: ${issue?.message}` })
  }
  const config = parsed.data
  const type = String(json['model_type'])
  return {
    vocabSize: config.vocab_size,
    hiddenSize: config.hidden_size,
    intermediateSize: config.intermediate_size,
    layerCount: config.num_hidden_layers,
    headCount: config.num_attention_heads,
    kvHeadCount: config.num_key_value_heads ?? config.num_attention_heads,
    headDim: config.head_dim ?? config.hidden_size / config.num_attention_heads,
    tiedEmbeddings: config.tie_word_embeddings ?? false,
    qkNorm: type.startsWith('qwen3'),
  }
}

/** An adapter as far as its size depends on it. */
export interface LoraFigures {
  readonly rank: number
  readonly targets: readonly LoraTarget[]
}

/** Lengths of queries and of keys: all heads of a token. */
export function attentionSizes(model: ModelFigures): { readonly queries: number; readonly keys: number } {
  return { queries: model.headCount * model.headDim, keys: model.kvHeadCount * model.headDim }
}

/** Weights of all linear layers, without embedding and output head. */
export function linearParameters(model: ModelFigures): number {
  return model.layerCount * sum(LORA_TARGETS.map((target) => product(linearShape(model as LlamaConfig, target))))
}

/** Weights of the embedding, and of the output head where it is its own. */
export function embeddingParameters(model: ModelFigures): number {
  return (model.tiedEmbeddings ? 1 : 2) * model.vocabSize * model.hiddenSize
}

/** Weights that every token is multiplied with: linear layers and the output head. Norms and biases are a thousandth of them. */
export function computedParameters(model: ModelFigures): number {
  return linearParameters(model) + model.vocabSize * model.hiddenSize
}

/** All weights, norms and biases left out. */
export function parameterCount(model: ModelFigures): number {
  return linearParameters(model) + embeddingParameters(model)
}

/** Weights of a LoRA adapter: rank times input and output of every layer that it stands beside. */
export function loraParameters(model: ModelFigures, lora: LoraFigures): number {
  return model.layerCount * sum(lora.targets.map((target) => lora.rank * sum(linearShape(model as LlamaConfig, target))))
}

/** The largest linear layer: what 4-bit weights are unpacked into, one at a time. */
export function largestLinear(model: ModelFigures): number {
  return Math.max(...LORA_TARGETS.map((target) => product(linearShape(model as LlamaConfig, target))))
}

/** Bytes of keys and values of one token in all layers. */
export function keyValueBytes(model: ModelFigures, bytesPerNumber: number): number {
  return 2 * model.layerCount * attentionSizes(model).keys * bytesPerNumber
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

function product(values: readonly number[]): number {
  return values.reduce((total, value) => total * value, 1)
}
