/**
 * @file The sessions of generation, each opened when it is first needed and kept: one for every structure of weights,
 * and for small models one for each purpose.
 */
import { type LlamaConfig, weightShapes } from '../architecture/llama-config.ts'
import { constantWeights, inputWeights, loraInputs } from '../architecture/weight-source.ts'
import { Graph } from '../graph/graph.ts'
import { serializeGraph } from '../graph/serialize.ts'
import { openSession, type Session } from '../session.ts'
import type { TrainingModel } from '../training/training-sessions.ts'
import { weightFeeds, type WeightSet } from '../training/weight-set.ts'
import { buildDecodeGraph, type DecodePurpose } from './decode-graph.ts'
import type { DecodeModel } from './decode-model.ts'

/** A session packs weights anew: up to this size prefill and decoding have sessions of their own, above it they share one. */
const MAX_SPLIT_WEIGHT_BYTES = 64 * 1024 * 1024

export interface DecodeSessions {
  /** The base (`null`) or weights on top of it, ready to decode. */
  model(weights: WeightSet | null): Promise<DecodeModel>
  release(): Promise<void>
}

export function decodeSessions(base: TrainingModel, stopIds: readonly number[]): DecodeSessions {
  const open = new Map<string, Promise<Session>>()
  const isSplit = weightBytes(base.config) <= MAX_SPLIT_WEIGHT_BYTES
  const sessionOf = (weights: WeightSet | null, purpose: DecodePurpose): Promise<Session> => {
    const key = `${purpose} ${structure(weights)}`
    const known = open.get(key)
    if (known !== undefined) return known
    const { externalData, threads, device } = base
    const opened = openSession({
      model: serializeGraph(decodeGraph(base, weights, purpose)),
      restsBetweenRuns: isSplit,
      ...(weights !== null && weights.lora === null ? {} : { externalData }),
      ...(threads === undefined ? {} : { threads }),
      ...(device === undefined ? {} : { device }),
    })
    open.set(key, opened)
    return opened
  }
  return {
    model: async (weights) => ({
      config: base.config,
      stopIds,
      decode: await sessionOf(weights, isSplit ? 'decode' : 'both'),
      prefill: await sessionOf(weights, isSplit ? 'prefill' : 'both'),
      isSplit,
      weightFeeds: weights === null ? {} : weightFeeds(weights),
    }),
    release: async () => {
      const sessions = [...open.values()]
      open.clear()
      for (const opened of sessions) await (await opened).release()
    },
  }
}

function decodeGraph({ config, tensors }: TrainingModel, weights: WeightSet | null, purpose: DecodePurpose): Graph {
  const graph = new Graph()
  const isFull = weights !== null && weights.lora === null
  const source = isFull ? inputWeights(graph, config) : constantWeights(graph, tensors)
  const lora = weights?.lora ?? null
  buildDecodeGraph({ graph, config, weights: source, purpose, ...(lora === null ? {} : { lora: loraInputs(graph, config, lora) }) })
  return graph
}

/** Bytes of all weights in single precision. */
function weightBytes(config: LlamaConfig): number {
  return weightShapes(config).reduce((sum, { shape }) => sum + shape.reduce((product, length) => product * length, 4), 0)
}

function structure(weights: WeightSet | null): string {
  if (weights === null) return 'base'
  return weights.lora === null ? 'full' : `rank ${weights.lora.rank} ${weights.lora.targets.join()}`
}
