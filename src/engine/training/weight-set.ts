/**
 * @file Weights that are trained on top of a base: a LoRA adapter or a full copy, with the gradient collected so far and the optimizer's state.
 */
import { seededRandom } from '../../base/seeded-random.ts'
import type { LoraMatrices } from '../adapter/lora-matrices.ts'
import { type LlamaConfig, linearName, weightShapes } from '../architecture/llama-config.ts'
import { LORA_SCALE, loraName, loraShapes } from '../architecture/weight-source.ts'
import type { LoraOptions, LoraTarget } from '../engine.ts'
import { type OptimizerState, emptyOptimizerState } from '../optimizer/optimizer-state.ts'
import type { PlainTensor, PlainTensors } from '../session.ts'

/** A named tensor that is trained; `data` changes in place. */
export interface TrainedTensor {
  readonly shape: readonly number[]
  readonly data: Float32Array
}

export interface WeightSet {
  /** Rank, alpha and targets of an adapter; null for a full copy. */
  readonly lora: { readonly rank: number; readonly alpha: number; readonly targets: readonly LoraTarget[] } | null
  /** By Hugging Face name (full copy) or by `loraName`, in a fixed order. */
  readonly tensors: ReadonlyMap<string, TrainedTensor>
  /** The gradient since the last step; empty when there is none. */
  readonly gradients: Map<string, Float32Array>
  optimizer: OptimizerState
}

function weightSet(lora: WeightSet['lora'], tensors: ReadonlyMap<string, TrainedTensor>): WeightSet {
  return { lora, tensors, gradients: new Map(), optimizer: emptyOptimizerState() }
}

/** A new adapter: A uniform in ±1/√inputs (Kaiming-uniform with a = √5, as PEFT initialises it), B zero. */
export function newLora(config: LlamaConfig, { rank, alpha, targets, seed }: LoraOptions): WeightSet {
  const tensors = loraShapes(config, { rank, targets }).map(({ name, shape }) => {
    const data = new Float32Array(shape[0] * shape[1])
    if (name.endsWith('lora_A.weight')) {
      const random = seededRandom(seed, 'lora', name)
      const bound = 1 / Math.sqrt(shape[1])
      for (let i = 0; i < data.length; i++) data[i] = (2 * random.next() - 1) * bound
    }
    return [name, { shape, data }] as const
  })
  return weightSet({ rank, alpha, targets }, new Map(tensors))
}

/** An adapter with given matrices; they are shared, not copied. */
export function loraWeights(config: LlamaConfig, { rank, alpha, targets, pairs }: LoraMatrices): WeightSet {
  const tensors = loraShapes(config, { rank, targets }).map(({ name, shape }) => {
    const pair = pairs.get(name.replace(/\.lora_[AB]\.weight$/, ''))
    const data = (name.endsWith('lora_A.weight') ? pair?.a : pair?.b) as Float32Array
    return [name, { shape, data }] as const
  })
  return weightSet({ rank, alpha, targets }, new Map(tensors))
}

/** The matrices of an adapter, shared, not copied; undefined for a full copy. */
export function loraMatrices(config: LlamaConfig, { lora, tensors }: WeightSet): LoraMatrices | undefined {
  if (!lora) return undefined
  const data = (target: LoraTarget, layer: number, matrix: 'A' | 'B'): Float32Array =>
    (tensors.get(loraName(target, layer, matrix)) as TrainedTensor).data
  const pairs = Array.from({ length: config.layerCount }, (_, layer) =>
    lora.targets.map((target) => [linearName(target, layer), { a: data(target, layer, 'A'), b: data(target, layer, 'B') }] as const),
  )
  return { ...lora, pairs: new Map(pairs.flat()) }
}

/** A trainable copy of every weight; `read` gives a fresh array for each name. */
export function fullWeights(config: LlamaConfig, read: (name: string) => Float32Array): WeightSet {
  return weightSet(null, new Map(weightShapes(config).map(({ name, shape }) => [name, { shape, data: read(name) }])))
}

/** The tensors as inputs of a graph. */
export function weightFeeds({ lora, tensors }: WeightSet): PlainTensors {
  const feeds: Record<string, PlainTensor> = {}
  for (const [name, { shape, data }] of tensors) feeds[name] = { type: 'float32', dims: shape, data }
  if (lora) feeds[LORA_SCALE] = { type: 'float32', dims: [], data: Float32Array.of(lora.alpha / lora.rank) }
  return feeds
}

/** Adds a gradient to what has been collected. The first one is kept as it is, so the caller must not use the array again. */
export function collectGradient({ gradients }: WeightSet, name: string, gradient: Float32Array): void {
  const known = gradients.get(name)
  if (!known) gradients.set(name, gradient)
  else for (let i = 0; i < known.length; i++) known[i] = (known[i] as number) + (gradient[i] as number)
}

/** What decides the graph that weights need: equal texts can share a session. `null` is the base. */
export function weightStructure(weights: WeightSet | null): string {
  if (weights === null) return 'base'
  return weights.lora === null ? 'full' : `rank ${weights.lora.rank} ${weights.lora.targets.join()}`
}
