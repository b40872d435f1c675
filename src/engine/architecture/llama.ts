/**
 * @file The Llama family as a graph over rows of tokens: embedding, RMS norms, linear layers with optional LoRA, rotary positions, gated
 * feed-forward, output head. The attention core is passed in, so training (whole sequences) and decoding (one token and a cache) share all
 * the rest. It knows nothing of sequences, caches, gradients or sampling.
 */
import { InternalError } from '../../base/errors.ts'
import type { LoraTarget } from '../engine.ts'
import { add, cast, mul } from '../graph/elementwise.ts'
import type { Value } from '../graph/value.ts'
import { gather } from '../graph/indexing.ts'
import { gemm } from '../graph/matrix.ts'
import { reshape } from '../graph/movement.ts'
import { type Rotation, rmsNorm, rotaryEmbedding, silu } from '../graph/normalization.ts'
import type { Dim } from '../graph/shape.ts'
import { EMBEDDING_WEIGHT, FINAL_NORM_WEIGHT, type LlamaConfig, headWeight, linearName } from './llama-config.ts'
import { ropeTables } from './rope.ts'
import type { LoraInputs, WeightSource } from './weight-source.ts'

/** What one layer's attention works on: rows are tokens, each row holds all heads side by side; query and key are rotated. */
export interface AttentionHeads {
  /** float32[rows, headCount · headDim] */
  readonly query: Value
  /** float32[rows, kvHeadCount · headDim] */
  readonly key: Value
  readonly value: Value
  readonly layer: number
}

/** Gives float32[rows, headCount · headDim]. */
export type AttentionCore = (heads: AttentionHeads) => Value

/** Everything that the blocks need. */
export interface LlamaGraph {
  readonly config: LlamaConfig
  readonly weights: WeightSource
  readonly lora?: LoraInputs
  readonly attention: AttentionCore
  /** Rows of the rotary tables; a position at or beyond it is out of range. */
  readonly maxPositions: number
  /** Factor of every query, put into its rotation; default 1. */
  readonly queryScale?: number
  /** Adds the residual inside the product of the block's last linear layer: fewer operators, and the sum is never a value of its own. */
  readonly fusesResidual?: boolean
}

/** The tokens of a run: ids int32[rows] and their positions in their own sequences, int32 or int64, [rows] or [rows, 1]. */
export interface TokenRows {
  readonly ids: Value
  readonly positions: Value
}

/** The hidden state after the last norm: float32[rows, hiddenSize]. */
export function llamaHidden(model: LlamaGraph, tokens: TokenRows): Value {
  return llamaFinalNorm(model, llamaLayers(model, tokens))
}

/** The hidden state after the last layer, not yet normalised: float32[rows, hiddenSize]. */
export function llamaLayers(model: LlamaGraph, tokens: TokenRows): Value {
  const key = rotationOf(model, tokens)
  const rotations = { query: model.queryScale === undefined ? key : { ...key, ...rotationTables(model, tokens, model.queryScale) }, key }
  let hidden = gather(model.weights.weight(EMBEDDING_WEIGHT), tokens.ids)
  for (let layer = 0; layer < model.config.layerCount; layer++) {
    hidden = attentionBlock(model, hidden, { layer, rotations })
    hidden = feedForwardBlock(model, hidden, layer)
  }
  return hidden
}

/** The norm between the last layer and the output head; rows are independent of each other. */
export function llamaFinalNorm(model: LlamaGraph, hidden: Value): Value {
  return normalize(model, hidden, FINAL_NORM_WEIGHT)
}

/** Logits of hidden states: float32[rows, vocabSize]. */
export function llamaLogits(model: LlamaGraph, hidden: Value): Value {
  return gemm(hidden, model.weights.weight(headWeight(model.config)), { transB: true })
}

function rotationOf(model: LlamaGraph, tokens: TokenRows): Rotation {
  const { positions } = tokens
  const column = reshape(cast(positions, 'int64'), [positions.shape[0] as Dim, 1])
  return { positions: column, ...rotationTables(model, tokens, 1) }
}

function rotationTables({ config, maxPositions }: LlamaGraph, { positions }: TokenRows, scale: number): { cos: Value; sin: Value } {
  const tables = ropeTables(config, maxPositions)
  const shape = [maxPositions, config.headDim / 2]
  const constant = (table: Float32Array): Value =>
    positions.graph.constant(
      table.map((one) => one * scale),
      'float32',
      shape,
    )
  return { cos: constant(tables.cos), sin: constant(tables.sin) }
}

function normalize({ config, weights }: LlamaGraph, x: Value, name: string): Value {
  return rmsNorm(x, weights.weight(name), config.rmsNormEpsilon).normalized
}

interface AttentionLayer {
  readonly layer: number
  readonly rotations: { readonly query: Rotation; readonly key: Rotation }
}

function attentionBlock(model: LlamaGraph, hidden: Value, { layer, rotations }: AttentionLayer): Value {
  const { config } = model
  const x = normalize(model, hidden, `model.layers.${layer}.input_layernorm.weight`)
  const project = (target: LoraTarget): Value => linear(model, x, { target, layer })
  const query = rotate(normalizeHeads(model, project('q_proj'), `model.layers.${layer}.self_attn.q_norm.weight`), rotations.query, config)
  const key = rotate(normalizeHeads(model, project('k_proj'), `model.layers.${layer}.self_attn.k_norm.weight`), rotations.key, config)
  const mixed = model.attention({ query, key, value: project('v_proj'), layer })
  return addedTo(model, hidden, { x: mixed, target: 'o_proj', layer })
}

function normalizeHeads(model: LlamaGraph, x: Value, name: string): Value {
  if (!model.config.qkNorm) return x
  const [rows, width] = [x.shape[0] as Dim, x.shape[1] as number]
  const { headDim } = model.config
  return reshape(normalize(model, reshape(x, [rows, width / headDim, headDim]), name), x.shape)
}

/** Rows are a batch of sequences of one token, so every row has a position of its own. */
function rotate(x: Value, rotation: Rotation, { headDim }: LlamaConfig): Value {
  const [rows, width] = [x.shape[0] as Dim, x.shape[1] as number]
  if (width % headDim !== 0) throw new InternalError(`${width} is no multiple of headDim ${headDim}`, 'rotate')
  return reshape(rotaryEmbedding(reshape(x, [rows, 1, width]), rotation), [rows, width])
}

function feedForwardBlock(model: LlamaGraph, hidden: Value, layer: number): Value {
  const x = normalize(model, hidden, `model.layers.${layer}.post_attention_layernorm.weight`)
  const gate = silu(linear(model, x, { target: 'gate_proj', layer }))
  const gated = mul(gate, linear(model, x, { target: 'up_proj', layer }))
  return addedTo(model, hidden, { x: gated, target: 'down_proj', layer })
}

/** The residual connection around a block that ends in a linear layer. */
function addedTo(model: LlamaGraph, residual: Value, { x, ...layer }: LinearLayer & { readonly x: Value }): Value {
  return model.fusesResidual === true ? linear(model, x, { ...layer, residual }) : add(residual, linear(model, x, layer))
}

interface LinearLayer {
  readonly target: LoraTarget
  readonly layer: number
  /** Added to the result. */
  readonly residual?: Value
}

/** W x + b, and where the layer is adapted + (alpha / rank) B A x. Source: Hu et al., arXiv:2106.09685. */
function linear({ config, weights, lora }: LlamaGraph, x: Value, { target, layer, residual }: LinearLayer): Value {
  const name = linearName(target, layer)
  const weight = weights.weight(`${name}.weight`)
  const bias = config.biasedTargets.includes(target) ? weights.weight(`${name}.bias`) : undefined
  const added = bias ?? residual
  const product = gemm(x, weight, { transB: true, ...(added ? { bias: added } : {}) })
  // One product adds one of the two.
  const base = bias && residual ? add(product, residual) : product
  const pair = lora?.pair(target, layer)
  if (!lora || !pair) return base
  const low = mul(gemm(x, pair.a, { transB: true }), lora.scale)
  return gemm(low, pair.b, { transB: true, bias: base })
}
