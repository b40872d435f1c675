/**
 * @file The engine in this thread: the loaded model, the weights on top of it, and the sessions that use them. `client.ts` offers the same from a
 * thread of its own.
 */
import { cpus } from 'node:os'
import { readPeftAdapter } from './adapter/read-peft-adapter.ts'
import { writePeftAdapter } from './adapter/write-peft-adapter.ts'
import type { LoraMatrices } from './adapter/lora-matrices.ts'
import { checkGradients, checkLora, checkSequences } from './check-sequences.ts'
import { openModelDirectory, type ModelDirectory } from './checkpoint/model-directory.ts'
import { writeModelDirectory } from './checkpoint/write-model-directory.ts'
import type { Engine, EngineProgress, GenerateRequest, ModelDescription, WeightsId } from './engine.ts'
import { EngineRequestError } from './errors.ts'
import { decodeSessions } from './generation/decode-sessions.ts'
import { generateTokens } from './generation/generate-tokens.ts'
import { defaultThreads, runtimeVersion, type Device } from './session.ts'
import { readOptimizerState, writeOptimizerState } from './training/optimizer-file.ts'
import { createTraining } from './training/training.ts'
import type { TrainingModel } from './training/training-sessions.ts'
import { fullWeights, loraMatrices, loraWeights, newLora, type WeightSet } from './training/weight-set.ts'

/** How a model is loaded. */
export interface EngineOptions {
  /** Default: the number of processors. Results are only equal for equal thread counts. */
  readonly threads?: number
  /** Default "cpu". */
  readonly device?: Device
}

/**
 * Loads a model directory into this thread. Its calls block the thread while they compute.
 * @throws the errors of opening a model directory (src/engine/errors.ts)
 */
export function openEngineCore(directory: string, options: EngineOptions = {}): Engine {
  const model = openModelDirectory(directory)
  const base: TrainingModel = { config: model.config, ...model.checkpoint, ...options }
  const training = createTraining(base)
  const decoding = decodeSessions(base, model.stopIds)
  const weights = new WeightTable()
  return {
    model: describe(model, options),
    createLora: async (lora) => {
      checkLora(lora)
      return weights.add(newLora(model.config, lora))
    },
    createFull: async () => weights.add(fullWeights(model.config, model.checkpoint.read)),
    loadAdapter: async (path) => weights.add(loraWeights(model.config, readPeftAdapter(path, model.config))),
    saveAdapter: async (id, path, saving) => writePeftAdapter(path, adapterOf(model, weights, id), saving?.baseModelName ?? null),
    saveModel: async (id, path) =>
      writeModelDirectory({ path: directory, config: model.config, read: model.checkpoint.read }, weights.get(id), path),
    saveOptimizer: async (id, path) => writeOptimizerState(path, weights.get(id).optimizer),
    loadOptimizer: async (id, path) => {
      weights.get(id).optimizer = readOptimizerState(path)
    },
    release: async (id) => weights.remove(id),
    generate: async (request: GenerateRequest, onProgress?: (progress: EngineProgress) => void) =>
      generateTokens(await decoding.model(weights.find(request.weights)), request, onProgress),
    score: async ({ sequences, outputs, temperature = 1, ...names }) => {
      checkSequences(sequences, model.config)
      const [scored, reference] = [weights.find(names.weights), weights.find(names.reference ?? null)]
      return training.score({ weights: scored, reference, sequences, outputs, temperature })
    },
    backward: async (request) => {
      const { sequences, gradients, temperature } = request
      checkSequences(sequences, model.config)
      checkGradients(sequences, gradients.logProb)
      const call = { weights: weights.get(request.weights), sequences, gradients: gradients.logProb, temperature: temperature ?? 1 }
      return { logProb: await training.backward(call) }
    },
    step: async (id, settings) => training.step(weights.get(id), settings),
    close: async () => {
      await training.release()
      await decoding.release()
    },
  }
}

function describe(model: ModelDirectory, options: EngineOptions): ModelDescription {
  const threads = options.threads ?? defaultThreads()
  return {
    architecture: model.architecture,
    vocabSize: model.config.vocabSize,
    hiddenSize: model.config.hiddenSize,
    layerCount: model.config.layerCount,
    parameterCount: model.parameterCount,
    maxPositions: model.config.maxPositions,
    stopIds: model.stopIds,
    hash: model.hash,
    runtime: `${runtimeVersion()}, ${options.device ?? 'cpu'}, ${threads} threads, ${cpus()[0]?.model.trim() ?? 'unknown processor'}`,
  }
}

function adapterOf(model: ModelDirectory, weights: WeightTable, id: WeightsId): LoraMatrices {
  const matrices = loraMatrices(model.config, weights.get(id))
  if (matrices !== undefined) return matrices
  throw new EngineRequestError('saveAdapter', `Weights ${id} are a full copy, not an adapter`, 'write a whole model with saveModel')
}

/** Weights on top of the base by the names that callers know them by. */
class WeightTable {
  readonly #sets = new Map<WeightsId, WeightSet>()
  #next = 1

  add(set: WeightSet): WeightsId {
    const id = `weights-${this.#next++}`
    this.#sets.set(id, set)
    return id
  }

  get(id: WeightsId): WeightSet {
    const set = this.#sets.get(id)
    if (set === undefined)
      throw new EngineRequestError('weights', `There are no weights ${JSON.stringify(id)}`, 'use an id that this engine gave and that was not released')
    return set
  }

  find(id: WeightsId | null): WeightSet | null {
    return id === null ? null : this.get(id)
  }

  remove(id: WeightsId): void {
    this.#sets.delete(id)
  }
}
