/**
 * @file The sessions of training and scoring, each opened when it is first needed and kept: one for every structure of trained weights.
 */
import type { LlamaConfig } from '../architecture/llama-config.ts'
import type { ScoreOutput } from '../engine.ts'
import type { ExternalTensor, Graph } from '../graph/graph.ts'
import { lowerGraph } from '../graph/lower-graph.ts'
import { serializeGraph } from '../graph/serialize.ts'
import { orthogonalizeGraph } from '../optimizer/orthogonalize.ts'
import { type Device, type Session, openSession, replacedOperators } from '../session.ts'
import { type GraphPlan, backwardGraph, headGraph, hiddenGraph } from './training-graphs.ts'
import { type WeightSet, weightStructure } from './weight-set.ts'

/** The base model as the engine has loaded it. */
export interface TrainingModel {
  readonly config: LlamaConfig
  readonly tensors: ReadonlyMap<string, ExternalTensor>
  readonly externalData: readonly { readonly path: string; readonly data: Uint8Array }[]
  /** The values of one weight. */
  read(name: string): Float32Array
  readonly threads?: number
  readonly device?: Device
}

export interface TrainingSessions {
  backward(weights: WeightSet): Promise<Session>
  /** `null` is the base. */
  hidden(weights: WeightSet | null): Promise<Session>
  head(weights: WeightSet | null, outputs: readonly ScoreOutput[]): Promise<Session>
  /** Newton-Schulz iterations of Muon, on matrices with at most as many rows as columns or the other way round. */
  orthogonalize(shape: 'wide' | 'tall'): Promise<Session>
  release(): Promise<void>
}

export function trainingSessions(model: TrainingModel): TrainingSessions {
  const open = new Map<string, Promise<Session>>()
  const session = (key: string, build: () => Graph): Promise<Session> => {
    const known = open.get(key)
    if (known) return known
    const { externalData, threads, device } = model
    const opened = openSession({
      model: serializeGraph(lowerGraph(build(), replacedOperators(device))),
      externalData,
      plansMemory: false,
      ...(threads === undefined ? {} : { threads }),
      ...(device === undefined ? {} : { device }),
    })
    open.set(key, opened)
    return opened
  }
  return {
    backward: (weights) => session(`backward ${weightStructure(weights)}`, () => backwardGraph(planOf(model, weights))),
    hidden: (weights) => session(`hidden ${weightStructure(weights)}`, () => hiddenGraph(planOf(model, weights))),
    head: (weights, outputs) => {
      const base = isFull(weights) ? weights : null
      return session(`head ${weightStructure(base)} ${outputs.join()}`, () => headGraph(planOf(model, base), outputs))
    },
    orthogonalize: (shape) => session(`orthogonalize ${shape}`, () => orthogonalizeGraph(shape)),
    release: async () => {
      const sessions = [...open.values()]
      open.clear()
      for (const opened of sessions) await (await opened).release()
    },
  }
}

/** Whether every weight is trained, so that all of them are inputs. */
export function isFull(weights: WeightSet | null): weights is WeightSet & { readonly lora: null } {
  return weights !== null && weights.lora === null
}

function planOf({ config, tensors }: TrainingModel, weights: WeightSet | null): GraphPlan {
  if (isFull(weights)) return { config }
  return { config, constants: tensors, ...(weights?.lora ? { lora: weights.lora } : {}) }
}
