/**
 * @file Bytes that PyTorch keeps of a forward pass until its backward pass, for a model of the Llama family with a LoRA adapter. Pure.
 *
 * The coefficients were measured with torch 2.13.0, transformers 5.23.0, peft 0.21.2 by adding up the saved tensors of Llama, Qwen2 and Qwen3 layers of
 * several sizes; every term agreed to the byte. f32: 4 hidden + 4 queries + 4 intermediate numbers a token and layer (keys and values are repeated to the
 * queries' length where a batch has padding, which is what is counted here). bf16 under autocast: 18 hidden + 10 queries + 8 intermediate bytes, because
 * norms keep f32 and each adapter matrix its own copy of its input. Counted for adapters on all seven linear layers; fewer keep a little less.
 */
import { attentionSizes, type ModelFigures } from '../../../estimate/model-figures.ts'
import type { RunnerSpec } from '../protocol.ts'

type Precision = RunnerSpec['device']['precision']

/** A padded batch as it passes through the model. */
export interface BatchShape {
  readonly rows: number
  /** Tokens of the longest row; all are padded to it. */
  readonly tokens: number
}

export interface ActivationSettings {
  readonly precision: Precision
  readonly gradientCheckpointing: boolean
  readonly rank: number
}

/** Bytes kept for a whole batch at the end of its forward pass. With gradient checkpointing: the input of every layer. */
export function keptActivationBytes(model: ModelFigures, batch: BatchShape, settings: ActivationSettings): number {
  const perLayer = settings.gradientCheckpointing
    ? numberBytes(settings.precision) * model.hiddenSize
    : layerBytesPerToken(model, batch.tokens, settings)
  return batch.rows * batch.tokens * (model.layerCount * perLayer + restBytesPerToken(model, settings.precision))
}

/** Bytes that the backward pass of one layer needs: its activations made anew when they were not kept, and the gradients on their way through it. */
export function layerBackwardBytes(model: ModelFigures, batch: BatchShape, settings: ActivationSettings): number {
  const again = settings.gradientCheckpointing ? layerBytesPerToken(model, batch.tokens, settings) : 0
  const gradients = numberBytes(settings.precision) * (2 * model.hiddenSize + 3 * model.intermediateSize)
  return batch.rows * batch.tokens * (again + gradients)
}

/** Bytes that one layer keeps of one token. */
export function layerBytesPerToken(
  model: ModelFigures,
  tokens: number,
  { precision, rank }: Pick<ActivationSettings, 'precision' | 'rank'>,
): number {
  const { hiddenSize: hidden, intermediateSize: intermediate, headCount } = model
  const { queries, keys } = attentionSizes(model)
  const bytes = numberBytes(precision)
  const main = precision === 'f32' ? 16 * hidden + 16 * queries + 16 * intermediate : 18 * hidden + 10 * queries + 8 * intermediate
  const headNorms = model.qkNorm ? 4 * queries + 4 * keys : 0
  const adapters = 7 * rank * bytes
  const statistics = 4 * headCount + 8
  const mask = tokens * bytes
  return main + headNorms + adapters + statistics + mask
}

/** Embedding and final norm. */
function restBytesPerToken(model: ModelFigures, precision: Precision): number {
  return (precision === 'f32' ? 8 : 6) * model.hiddenSize
}

/** Bytes of one number in the precision that a forward pass computes in: 4-bit weights are unpacked to bf16. */
export function numberBytes(precision: Precision): number {
  return precision === 'f32' ? 4 : 2
}
