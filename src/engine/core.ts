/**
 * @file The engine in this thread: the loaded model, the weights on top of it, and the sessions that use them. `client.ts` offers the same from a
 * thread of its own.
 */
import { HOLDFAST_VERSION } from '../base/version.ts'
import { createCallQueue, type CallQueue } from './call-queue.ts'
import { readPeftAdapter } from './adapter/read-peft-adapter.ts'
import { writePeftAdapter } from './adapter/write-peft-adapter.ts'
import type { LoraMatrices } from './adapter/lora-matrices.ts'
import { checkGradients, checkLora, checkSequences } from './check-sequences.ts'
import { processorKind } from './processor-kind.ts'
import { openModelDirectory, type ModelDirectory } from './checkpoint/model-directory.ts'
import { writeModelDirectory } from './checkpoint/write-model-directory.ts'
import type { Engine, ModelDescription, WeightsId } from './engine.ts'
import { EngineRequestError } from './errors.ts'
import { decodeSessions } from './generation/decode-sessions.ts'
import { generateTokens } from './generation/generate-tokens.ts'
import { defaultThreads, runtimeVersion, type Device } from './session.ts'
import { readOptimizerState, writeOptimizerState } from './training/optimizer-file.ts'
import { withLastTokenSeen } from './training/embed.ts'
import { createTraining } from './training/training.ts'
import type { TrainingModel } from './training/training-sessions.ts'
import { fullWeights, loraMatrices, loraWeights, newLora, type WeightSet } from './training/weight-set.ts'

/** How a model is loaded. */
export interface EngineOptions {
  /** Default: the number of processors. Results are only equal for equal thread counts. */
  readonly threads?: number
  /** Default "cpu". On "webgpu" threads run only the little that its provider leaves to the processor. */
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
  const { run, close } = createCallQueue()
  return {
    model: describe(model, options),
    ...weightCalls({ model, weights, run }),
    generate: (request, onProgress) =>
      run(async () => generateTokens(await decoding.model(weights.find(request.weights)), request, onProgress)),
    score: ({ sequences, outputs, temperature = 1, ...names }) =>
      run(() => {
        checkSequences(sequences, model.config)
        const [scored, reference] = [weights.find(names.weights), weights.find(names.reference ?? null)]
        return training.score({ weights: scored, reference, sequences, outputs, temperature })
      }),
    embed: ({ sequences, weights: id }) =>
      run(() => {
        const padded = sequences.map(withLastTokenSeen)
        checkSequences(padded, model.config)
        return training.embed({ weights: weights.find(id), sequences: padded })
      }),
    backward: ({ sequences, gradients, temperature = 1, weights: id }) =>
      run(async () => {
        checkSequences(sequences, model.config)
        checkGradients(sequences, gradients.logProb)
        return { logProb: await training.backward({ weights: weights.get(id), sequences, gradients: gradients.logProb, temperature }) }
      }),
    step: (id, settings) => run(() => training.step(weights.get(id), settings)),
    close: () =>
      close(async () => {
        await training.release()
        await decoding.release()
      }),
  }
}

interface WeightCallParts {
  readonly model: ModelDirectory
  readonly weights: WeightTable
  readonly run: CallQueue['run']
}

type WeightCalls = Pick<
  Engine,
  'createLora' | 'createFull' | 'loadAdapter' | 'saveAdapter' | 'saveModel' | 'saveOptimizer' | 'loadOptimizer' | 'release'
>

/** The calls that make, store and drop weights. */
function weightCalls({ model, weights, run }: WeightCallParts): WeightCalls {
  const { config, checkpoint } = model
  return {
    createLora: (lora) =>
      run(() => {
        checkLora(lora)
        return weights.add(newLora(config, lora))
      }),
    createFull: () => run(() => weights.add(fullWeights(config, checkpoint.read))),
    loadAdapter: (path) => run(() => weights.add(loraWeights(config, readPeftAdapter(path, config)))),
    saveAdapter: (id, path, saving) => run(() => writePeftAdapter(path, adapterOf(model, weights, id), saving?.baseModelName ?? null)),
    saveModel: (id, path) => run(() => writeModelDirectory({ path: model.path, config, read: checkpoint.read }, weights.get(id), path)),
    saveOptimizer: (id, path) => run(() => writeOptimizerState(path, weights.get(id).optimizer)),
    loadOptimizer: (id, path) =>
      run(() => {
        const set = weights.get(id)
        set.optimizer = readOptimizerState(path, set)
      }),
    release: (id) => run(() => weights.remove(id)),
  }
}

function describe(model: ModelDirectory, options: EngineOptions): ModelDescription {
  const { threads = defaultThreads(), device = 'cpu' } = options
  return {
    architecture: model.architecture,
    vocabSize: model.config.vocabSize,
    hiddenSize: model.config.hiddenSize,
    layerCount: model.config.layerCount,
    parameterCount: model.parameterCount,
    maxPositions: model.config.maxPositions,
    stopIds: model.stopIds,
    hash: model.hash,
    device,
    runtime: `holdfast ${HOLDFAST_VERSION}, ${runtimeVersion()}, ${device}, ${threads} threads, ${processorKind()}`,
  }
}

function adapterOf(model: ModelDirectory, weights: WeightTable, id: WeightsId): LoraMatrices {
  const matrices = loraMatrices(model.config, weights.get(id))
  if (matrices !== undefined) return matrices
  throw new EngineRequestError({
    where: 'saveAdapter',
    problem: `Weights ${id} are a full copy, not an adapter`,
    fix: 'write a whole model with saveModel',
  })
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
      throw new EngineRequestError({
        where: 'weights',
        problem: `There are no weights ${JSON.stringify(id)}`,
        fix: 'use an id that this engine gave and that was not released',
      })
    return set
  }

  find(id: WeightsId | null): WeightSet | null {
    return id === null ? null : this.get(id)
  }

  remove(id: WeightsId): void {
    this.get(id)
    this.#sets.delete(id)
  }
}
