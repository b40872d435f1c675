/**
 * @file One rank and one scale for all layers of an adapter that has several, or that adapts only some layers: matrices are filled up with zeros, which
 * add nothing and learn nothing, and scales that differ go into B. It reads no files.
 */
import { linearName, linearShape, type LlamaConfig } from '../architecture/llama-config.ts'
import { LORA_TARGETS } from '../engine.ts'
import type { AdaptedModule } from './adapted-modules.ts'
import type { LoraMatrices, LoraMatrixPair } from './lora-matrices.ts'

/** A and B of one layer, with its own rank and factor. */
export type ScaledPair = LoraMatrixPair & AdaptedModule

/** `pairs` by the name of the linear layer; there is at least one. */
export function joinPairs(base: LlamaConfig, pairs: ReadonlyMap<string, ScaledPair>): LoraMatrices {
  const all = [...pairs.values()]
  const rank = Math.max(...all.map((pair) => pair.rank))
  const first = all.reduce((most, pair) => (Math.abs(scaleOf(pair)) > Math.abs(scaleOf(most)) ? pair : most))
  const scale = scaleOf(first)
  const targets = LORA_TARGETS.filter((target) => [...pairs.keys()].some((name) => name.endsWith(`.${target}`)))
  const joined = targets.flatMap((target) => {
    const [outputs, inputs] = linearShape(base, target)
    return Array.from({ length: base.layerCount }, (_, layer) => {
      const name = linearName(target, layer)
      const pair = pairs.get(name)
      const empty = { a: new Float32Array(rank * inputs), b: new Float32Array(outputs * rank) }
      return [name, pair === undefined ? empty : { a: widerA(pair, empty.a), b: widerB(pair, { b: empty.b, rank, scale }) }] as const
    })
  })
  return { rank, alpha: first.rank === rank ? first.alpha : scale * rank, targets, pairs: new Map(joined) }
}

function scaleOf({ alpha, rank }: AdaptedModule): number {
  return alpha / rank
}

function widerA({ a }: ScaledPair, wide: Float32Array): Float32Array {
  if (a.length === wide.length) return a
  wide.set(a)
  return wide
}

function widerB(pair: ScaledPair, wide: { readonly b: Float32Array; readonly rank: number; readonly scale: number }): Float32Array {
  if (pair.rank === wide.rank && scaleOf(pair) === wide.scale) return pair.b
  const factor = wide.scale === 0 ? 1 : scaleOf(pair) / wide.scale
  for (let at = 0; at < pair.b.length; at++) {
    const row = Math.floor(at / pair.rank)
    wide.b[row * wide.rank + (at % pair.rank)] = factor * (pair.b[at] as number)
  }
  return wide.b
}
