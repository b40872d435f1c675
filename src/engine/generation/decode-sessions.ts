/**
 * @file The sessions of generation, each opened when it is first needed and kept: one for every structure of weights.
 */
import { deviceCopies } from '../device-copies.ts'
import { constantWeights, inputWeights, loraInputs } from '../architecture/weight-source.ts'
import { Graph } from '../graph/graph.ts'
import { lowerGraph } from '../graph/lower-graph.ts'
import { serializeGraph } from '../graph/serialize.ts'
import { openSession, replacedOperators, type Session } from '../session.ts'
import type { TrainingModel } from '../training/training-sessions.ts'
import { weightFeeds, weightStructure, type WeightSet } from '../training/weight-set.ts'
import { buildDecodeGraph } from './decode-graph.ts'
import type { DecodeModel } from './decode-model.ts'

export interface DecodeSessions {
  /** The base (`null`) or weights on top of it, ready to decode until the next model is asked for. */
  model(weights: WeightSet | null): Promise<DecodeModel>
  release(): Promise<void>
}

export function decodeSessions(base: TrainingModel, stopIds: readonly number[]): DecodeSessions {
  const open = new Map<string, Promise<Session>>()
  const copies = deviceCopies(base.device)
  const sessionOf = (weights: WeightSet | null): Promise<Session> => {
    const key = weightStructure(weights)
    const known = open.get(key)
    if (known !== undefined) return known
    const { externalData, threads, device } = base
    const opened = openSession({
      model: serializeGraph(lowerGraph(decodeGraph(base, weights), replacedOperators(device))),
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
      session: await sessionOf(weights),
      weightFeeds: weights === null ? {} : await copies.of(weightFeeds(weights)),
    }),
    release: async () => {
      const sessions = [...open.values()]
      open.clear()
      await copies.release()
      for (const opened of sessions) await (await opened).release()
    },
  }
}

function decodeGraph({ config, tensors }: TrainingModel, weights: WeightSet | null): Graph {
  const graph = new Graph()
  const isFull = weights !== null && weights.lora === null
  const source = isFull ? inputWeights(graph, config) : constantWeights(graph, tensors)
  const lora = weights?.lora ?? null
  buildDecodeGraph({ graph, config, weights: source, ...(lora === null ? {} : { lora: loraInputs(graph, config, lora) }) })
  return graph
}
