/**
 * @file Operators of the transformer that the runtime has whole: RMS normalisation, rotary position embedding, the gated linear unit's curve.
 */
import { InternalError } from '../../base/errors.ts'
import type { Value } from './value.ts'
import { type Inferred, type OpCall, type OpSpecs, need, needType } from './op-spec.ts'
import { type Dim, formatShape, sameDim } from './shape.ts'

export const NORMALIZATION_SPECS: OpSpecs = {
  SimplifiedLayerNormalization: { domain: '', arity: [2, 2], attributes: { axis: 'int', epsilon: 'float' }, infer: inferRmsNorm },
  RotaryEmbedding: {
    domain: 'com.microsoft',
    arity: [4, 4],
    attributes: { interleaved: 'int', num_heads: 'int', rotary_embedding_dim: 'int' },
    infer: inferRotary,
  },
  QuickGelu: { domain: 'com.microsoft', arity: [1, 1], attributes: { alpha: 'float' }, infer: inferCurve },
}

function inferRmsNorm(call: OpCall): Inferred[] {
  const [x, scale] = [need(call, 0), need(call, 1)]
  needType(x, ['float32'], call)
  if (call.attributes['axis'] !== -1 || scale.shape.length !== 1 || !sameDim(scale.shape[0] as Dim, x.shape.at(-1) as Dim)) {
    throw new InternalError(`scale ${formatShape(scale.shape)} does not fit the last axis of ${formatShape(x.shape)}`, call.op)
  }
  return [
    { type: x.type, shape: x.shape },
    { type: x.type, shape: [...x.shape.slice(0, -1), 1] },
  ]
}

function inferRotary(call: OpCall): Inferred[] {
  const [x, positions] = [need(call, 0), need(call, 1)]
  needType(positions, ['int64'], call)
  const rows = x.shape.length === 4 ? [x.shape[0], x.shape[2]] : x.shape.slice(0, 2)
  if (positions.shape.length !== 2 || positions.shape.some((dim, i) => !sameDim(dim, rows[i] as Dim))) {
    throw new InternalError(`positions ${formatShape(positions.shape)} do not fit ${formatShape(x.shape)}`, call.op)
  }
  return [{ type: x.type, shape: x.shape }]
}

function inferCurve(call: OpCall): Inferred[] {
  const x = need(call, 0)
  needType(x, ['float32'], call)
  return [{ type: x.type, shape: x.shape }]
}

/** x / sqrt(mean(x²) + epsilon) · scale over the last axis, and the reciprocal root itself. Source: Zhang and Sennrich, arXiv:1910.07467. */
export function rmsNorm(x: Value, scale: Value, epsilon: number): { readonly normalized: Value; readonly inverseRms: Value } {
  const [normalized, inverseRms] = x.graph.add('SimplifiedLayerNormalization', [x, scale], { axis: -1, epsilon })
  return { normalized: normalized as Value, inverseRms: inverseRms as Value }
}

/** Tables and positions of a rotary embedding. */
export interface Rotation {
  /** int64[batch, tokens] */
  readonly positions: Value
  /** float32[positions, headDim / 2] */
  readonly cos: Value
  readonly sin: Value
}

/**
 * Rotates pairs (i, i + headDim / 2) of every head by the angle of its position.
 * `x` is [batch, tokens, heads · headDim] or [batch, heads, tokens, headDim]. Source: Su et al., arXiv:2104.09864.
 */
export function rotaryEmbedding(x: Value, { positions, cos, sin }: Rotation): Value {
  return x.graph.apply('RotaryEmbedding', [x, positions, cos, sin], { interleaved: 0 })
}

/** x · sigmoid(x), the SiLU curve. */
export function silu(x: Value): Value {
  return x.graph.apply('QuickGelu', [x], { alpha: 1 })
}
