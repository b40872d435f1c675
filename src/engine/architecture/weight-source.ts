/**
 * @file Where a graph gets its weights from: constants in the model's own file, or inputs that every run feeds. LoRA matrices are always inputs.
 */
import { InternalError } from '../../base/errors.ts'
import type { LoraTarget } from '../engine.ts'
import { cast } from '../graph/elementwise.ts'
import type { ExternalTensor, Graph } from '../graph/graph.ts'
import type { Value } from '../graph/value.ts'
import { type LlamaConfig, linearName, linearShape, weightShapes } from './llama-config.ts'

/** Gives each weight as a float32 value; the same value for the same name. */
export interface WeightSource {
  weight(name: string): Value
}

/** Constants of the loaded model's file(s); half precision is widened once when the session is made. */
export function constantWeights(graph: Graph, tensors: ReadonlyMap<string, ExternalTensor>): WeightSource {
  return {
    weight: (name) =>
      graph.once(`weight ${name}`, () => {
        const tensor = tensors.get(name)
        if (!tensor) throw new InternalError(`the model has no weight ${name}`, 'constantWeights')
        return cast(graph.external(name, tensor), 'float32')
      }),
  }
}

/** Inputs of the graph under their Hugging Face names, all of them declared at once. */
export function inputWeights(graph: Graph, config: LlamaConfig): WeightSource {
  const values = new Map(weightShapes(config).map(({ name, shape }) => [name, graph.input(name, 'float32', shape)]))
  return {
    weight: (name) => {
      const value = values.get(name)
      if (!value) throw new InternalError(`the model has no weight ${name}`, 'inputWeights')
      return value
    },
  }
}

/** The part of a LoRA configuration that decides the shape of a graph. */
export interface LoraShape {
  readonly rank: number
  readonly targets: readonly LoraTarget[]
}

/** The inputs of one adapted linear layer: A is [rank, in], B is [out, rank]. */
export interface LoraPair {
  readonly a: Value
  readonly b: Value
}

/** The adapter's inputs: `scale` is alpha / rank. */
export interface LoraInputs {
  readonly scale: Value
  pair(target: LoraTarget, layer: number): LoraPair | undefined
}

/** The name of the input with alpha / rank, float32[]. */
export const LORA_SCALE = 'lora.scale'

/** 'model.layers.0.self_attn.q_proj.lora_A.weight'. */
export function loraName(target: LoraTarget, layer: number, matrix: 'A' | 'B'): string {
  return `${linearName(target, layer)}.lora_${matrix}.weight`
}

/** Names and shapes of an adapter's matrices, layer by layer. */
export function loraShapes(
  config: LlamaConfig,
  lora: LoraShape,
): readonly { readonly name: string; readonly shape: readonly [number, number] }[] {
  return Array.from({ length: config.layerCount }, (_, layer) =>
    lora.targets.flatMap((target) => {
      const [out, input] = linearShape(config, target)
      return [
        { name: loraName(target, layer, 'A'), shape: [lora.rank, input] as const },
        { name: loraName(target, layer, 'B'), shape: [out, lora.rank] as const },
      ]
    }),
  ).flat()
}

/** Declares the scale and every A and B as inputs of the graph. */
export function loraInputs(graph: Graph, config: LlamaConfig, lora: LoraShape): LoraInputs {
  const scale = graph.input(LORA_SCALE, 'float32', [])
  const values = new Map(loraShapes(config, lora).map(({ name, shape }) => [name, graph.input(name, 'float32', shape)]))
  return {
    scale,
    pair: (target, layer) => {
      const [a, b] = [values.get(loraName(target, layer, 'A')), values.get(loraName(target, layer, 'B'))]
      return a && b ? { a, b } : undefined
    },
  }
}
