/**
 * @file The numbers that describe a model of the Llama family (Llama, SmolLM2, Mistral, Qwen2, Qwen3) and the names and shapes of its weights.
 * It reads no files and builds no graphs.
 */
import type { LoraTarget } from '../engine.ts'

/** Stretching of rotary frequencies for long contexts. Source: Llama 3.1 (`rope_type: "llama3"` of Hugging Face transformers). */
export interface Llama3RopeScaling {
  readonly factor: number
  readonly lowFrequencyFactor: number
  readonly highFrequencyFactor: number
  readonly originalMaxPositions: number
}

export interface LlamaConfig {
  readonly vocabSize: number
  readonly hiddenSize: number
  readonly intermediateSize: number
  readonly layerCount: number
  readonly headCount: number
  /** Heads of keys and values; divides headCount. */
  readonly kvHeadCount: number
  readonly headDim: number
  readonly rmsNormEpsilon: number
  readonly ropeTheta: number
  readonly ropeScaling?: Llama3RopeScaling
  /** The output head is the embedding matrix. */
  readonly tiedEmbeddings: boolean
  /** Linear layers with a bias: query, key and value of Qwen2, what `attention_bias` and `mlp_bias` say of a Llama. */
  readonly biasedTargets: readonly LoraTarget[]
  /** RMS normalisation of each query and key head (Qwen3). */
  readonly qkNorm: boolean
  readonly maxPositions: number
}

/** Name and shape of one weight, by its Hugging Face name. */
export interface WeightShape {
  readonly name: string
  readonly shape: readonly number[]
}

export const EMBEDDING_WEIGHT = 'model.embed_tokens.weight'
export const FINAL_NORM_WEIGHT = 'model.norm.weight'

/** The weight of the output head: the embedding itself when they are tied. */
export function headWeight(config: LlamaConfig): string {
  return config.tiedEmbeddings ? EMBEDDING_WEIGHT : 'lm_head.weight'
}

/** 'model.layers.3.self_attn.q_proj' of ('q_proj', 3). */
export function linearName(target: LoraTarget, layer: number): string {
  const part = target.endsWith('_proj') && ['q_proj', 'k_proj', 'v_proj', 'o_proj'].includes(target) ? 'self_attn' : 'mlp'
  return `model.layers.${layer}.${part}.${target}`
}

/** Output and input length of a linear layer: its weight is [out, in]. */
export function linearShape(config: LlamaConfig, target: LoraTarget): readonly [number, number] {
  const { hiddenSize, intermediateSize } = config
  const [heads, kvHeads] = [config.headCount * config.headDim, config.kvHeadCount * config.headDim]
  if (target === 'q_proj') return [heads, hiddenSize]
  if (target === 'k_proj' || target === 'v_proj') return [kvHeads, hiddenSize]
  if (target === 'o_proj') return [hiddenSize, heads]
  return target === 'down_proj' ? [hiddenSize, intermediateSize] : [intermediateSize, hiddenSize]
}

/** Every weight of the model in a fixed order; a tied head is not listed. */
export function weightShapes(config: LlamaConfig): readonly WeightShape[] {
  const layers = Array.from({ length: config.layerCount }, (_, layer) => layerShapes(config, layer))
  const head = config.tiedEmbeddings ? [] : [{ name: headWeight(config), shape: [config.vocabSize, config.hiddenSize] }]
  return [
    { name: EMBEDDING_WEIGHT, shape: [config.vocabSize, config.hiddenSize] },
    ...layers.flat(),
    { name: FINAL_NORM_WEIGHT, shape: [config.hiddenSize] },
    ...head,
  ]
}

function layerShapes(config: LlamaConfig, layer: number): WeightShape[] {
  const prefix = `model.layers.${layer}`
  const linear = (target: LoraTarget): WeightShape[] => {
    const weight = { name: `${linearName(target, layer)}.weight`, shape: linearShape(config, target) }
    const bias = { name: `${linearName(target, layer)}.bias`, shape: [linearShape(config, target)[0]] }
    return config.biasedTargets.includes(target) ? [weight, bias] : [weight]
  }
  const norm = (name: string, length: number): WeightShape => ({ name: `${prefix}.${name}.weight`, shape: [length] })
  return [
    norm('input_layernorm', config.hiddenSize),
    ...(['q_proj', 'k_proj', 'v_proj'] as const).flatMap(linear),
    ...(config.qkNorm ? [norm('self_attn.q_norm', config.headDim), norm('self_attn.k_norm', config.headDim)] : []),
    ...linear('o_proj'),
    norm('post_attention_layernorm', config.hiddenSize),
    ...linear('gate_proj'),
    ...linear('up_proj'),
    ...linear('down_proj'),
  ]
}
