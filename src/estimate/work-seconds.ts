/**
 * @file From tokens to seconds on a device. Pure.
 *
 * A token costs 2 N operations forward, N being the weights that it is multiplied with. Source: Kaplan et al., arXiv:2001.08361, section 2.1. The backward
 * pass of a LoRA training costs 2 N more, not their 4 N: gradients go through the frozen weights and are not taken of them. Gradient checkpointing
 * costs another 2 N. Attention's own products and the adapter are left out: a few per cent up to some thousand tokens.
 * A decoding step of a batch reads all weights and the batch's keys and values once, or computes 2 N a row, whichever takes longer.
 */
import type { DeviceSpeed } from './device-speed.ts'
import { computedParameters, embeddingParameters, keyValueBytes, linearParameters, type ModelFigures } from './model-figures.ts'
import type { Range, Work } from './work.ts'

/** How the work is done. */
export interface TimeSettings {
  readonly speed: DeviceSpeed
  readonly precision: 'f32' | 'bf16' | '4bit'
  readonly gradientCheckpointing: boolean
  /** Completions that are decoded together, and mean tokens of their prompts. */
  readonly decodeRows: number
  readonly promptTokens: number
}

/** Seconds for training and sampling, or for answering evals. */
export function workSeconds(model: ModelFigures, work: Work, settings: TimeSettings): Range {
  return {
    expected: secondsOf(model, work, { ...settings, pick: 'expected' }),
    most: secondsOf(model, work, { ...settings, pick: 'most' }),
  }
}

function secondsOf(model: ModelFigures, work: Work, settings: TimeSettings & { readonly pick: keyof Range }): number {
  const { speed, gradientCheckpointing, pick } = settings
  const parameters = computedParameters(model)
  const trained = work.trainedTokens[pick] * parameters * (gradientCheckpointing ? 6 : 4)
  const forward = (work.scoredTokens[pick] + work.promptTokens) * parameters * 2
  return (trained + forward) / speed.trainFlopsPerSecond + decodeSeconds(model, work, settings)
}

function decodeSeconds(model: ModelFigures, work: Work, settings: TimeSettings & { readonly pick: keyof Range }): number {
  const { speed, precision, pick } = settings
  const newTokens = work.newTokens[pick]
  if (newTokens === 0) return 0
  const rows = Math.min(settings.decodeRows, work.completions)
  const meanLength = settings.promptTokens + newTokens / work.completions / 2
  const steps = newTokens / rows
  const cache = rows * meanLength * keyValueBytes(model, precision === 'f32' ? 4 : 2)
  const reading = (weightTraffic(model, precision) + cache) / speed.decodeBytesPerSecond
  const computing = (2 * computedParameters(model) * rows) / speed.decodeFlopsPerSecond
  return steps * Math.max(reading, computing, model.layerCount * speed.secondsPerLayerStep)
}

/** Bytes moved for the weights in a step. 4-bit weights are read, written out as bf16 and read again: bitsandbytes multiplies batches so. */
function weightTraffic(model: ModelFigures, precision: TimeSettings['precision']): number {
  const bytes = precision === 'f32' ? 4 : 2
  const perLinear = precision === '4bit' ? 0.5 + 2 + 2 : bytes
  // The output head is read whole, the embedding one row a token.
  const head = (embeddingParameters(model) / (model.tiedEmbeddings ? 1 : 2)) * bytes
  return linearParameters(model) * perLinear + head
}
