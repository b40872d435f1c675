/**
 * @file A loaded graph that runs: the only file that knows onnxruntime-node. Tensors go in and out as plain objects.
 * It refuses to know what a graph computes.
 */
import { cpus } from 'node:os'
import { InferenceSession, Tensor, env, listSupportedBackends } from 'onnxruntime-node'
import { deviceFailure } from './device-failure.ts'
import { DeviceUnavailableError } from './errors.ts'
import type { LoweredOperator } from './graph/lowering-rules.ts'

export type TensorData = Float32Array | BigInt64Array | Int32Array | Uint8Array

/** A tensor in memory. Booleans are bytes. */
export interface PlainTensor {
  readonly type: 'float32' | 'int64' | 'int32' | 'bool'
  readonly dims: readonly number[]
  readonly data: TensorData
}

/** What computes: the processor, or a GPU through the runtime's own WebGPU provider. */
export type Device = 'cpu' | 'webgpu'

export interface SessionOptions {
  /** Bytes of an ONNX model, as `serializeGraph` gives them. */
  readonly model: Uint8Array
  /** The files that external constants point into, by the name under which they do. */
  readonly externalData?: readonly { readonly path: string; readonly data: Uint8Array }[]
  /** Default: the number of processors. */
  readonly threads?: number
  readonly device?: Device
  /** Lays all intermediate values of a repeated shape into one block: faster on small graphs, twice the memory on large ones. Default true; cpu only. */
  readonly plansMemory?: boolean
  /** File name prefix of a profile to record; `endProfiling` writes it. */
  readonly profilePrefix?: string
}

/** A tensor in the device's own memory: it can be fed to sessions of that device, and not be read. */
export interface DeviceTensor {
  readonly onDevice: Tensor
  dispose(): void
}

/** Tensors in memory by the names of a graph's inputs or outputs. */
export type PlainTensors = Readonly<Record<string, PlainTensor>>

export type Feeds = Readonly<Record<string, PlainTensor | DeviceTensor>>

export interface Session {
  readonly inputNames: readonly string[]
  readonly outputNames: readonly string[]
  /** Whether a product may run over an axis of length 0. Where it may not, it ends the whole process without a word. */
  readonly allowsEmptyProducts: boolean
  /** Runs the graph; blocks this thread while it computes. Every input must be fed; `fetches` names the outputs (default all). */
  run(feeds: Feeds, fetches?: readonly string[]): Promise<PlainTensors>
  /** Writes the profile, if one was asked for. */
  endProfiling(): void
  release(): Promise<void>
}

/** A loaded graph whose results stay in the device's memory. Not for the processor. */
export interface Upload {
  run(feeds: Feeds): Promise<Readonly<Record<string, DeviceTensor>>>
  release(): Promise<void>
}

/** Name and version of what runs graphs, for records. */
export function runtimeVersion(): string {
  return `onnxruntime-node ${env.versions.node ?? env.versions.common}`
}

/** The number of threads that a session takes when none is named. */
export function defaultThreads(): number {
  return Math.max(1, cpus().length)
}

/** What graphs for a device must be written without: its provider hands them to the processor at the cost of a trip over the bus, or gets them wrong. */
export function replacedOperators(device: Device = 'cpu'): ReadonlySet<LoweredOperator> {
  // Seen in onnxruntime-node 1.30: the second result of the norm is the mean instead of the reciprocal root; the others have no kernel.
  return new Set(device === 'webgpu' ? ['FusedMatMul', 'LogSoftmax', 'OneHot', 'SimplifiedLayerNormalization'] : [])
}

/**
 * Loads a model into the runtime.
 * @throws DeviceUnavailableError, DeviceUnsupportedError, DeviceFailedError for devices other than the processor
 */
export async function openSession(options: SessionOptions): Promise<Session> {
  const { device = 'cpu' } = options
  const session = await createSession(device, options.model, runtimeOptions(options))
  return {
    inputNames: session.inputNames,
    outputNames: session.outputNames,
    allowsEmptyProducts: device === 'cpu',
    run: async (feeds, fetches = session.outputNames) => {
      const results = await namingFailures(device, () => session.run(toTensors(feeds), [...fetches]))
      return Object.fromEntries(Object.entries(results).map(([name, tensor]) => [name, toPlain(tensor)]))
    },
    endProfiling: () => session.endProfiling(),
    release: () => session.release(),
  }
}

/** Loads a model whose results are for other sessions of the same device. @throws as openSession */
export async function openUpload(options: SessionOptions & { readonly device: Exclude<Device, 'cpu'> }): Promise<Upload> {
  const { device } = options
  const runtime = { ...runtimeOptions(options), preferredOutputLocation: 'gpu-buffer' as const }
  const session = await createSession(device, options.model, runtime)
  return {
    run: async (feeds) => {
      const results = await namingFailures(device, () => session.run(toTensors(feeds)))
      return Object.fromEntries(
        Object.entries(results).map(([name, tensor]) => [name, { onDevice: tensor, dispose: () => tensor.dispose() }]),
      )
    },
    release: () => session.release(),
  }
}

function createSession(device: Device, model: Uint8Array, runtime: InferenceSession.SessionOptions): Promise<InferenceSession> {
  if (device !== 'cpu' && !listSupportedBackends().some(({ name }) => name === device))
    throw new DeviceUnavailableError({ device, problem: `${runtimeVersion()} has none for ${process.platform} ${process.arch}` })
  return namingFailures(device, () => InferenceSession.create(model, runtime))
}

function runtimeOptions({ device = 'cpu', ...options }: SessionOptions): InferenceSession.SessionOptions {
  return {
    executionProviders: [device],
    // On a GPU these threads run what its provider leaves to the processor.
    intraOpNumThreads: options.threads ?? defaultThreads(),
    interOpNumThreads: 1,
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    // Device buffers cannot be cut out of one block.
    enableMemPattern: device === 'cpu' && (options.plansMemory ?? true),
    // What fails is thrown; on a device the runtime would also print it, with its own stack.
    logSeverityLevel: device === 'cpu' ? 3 : 4,
    externalData: (options.externalData ?? []).map((file) => ({ path: file.path, data: file.data })),
    ...(options.profilePrefix === undefined ? {} : { enableProfiling: true, profileFilePrefix: options.profilePrefix }),
  }
}

/** The runtime's failures on a device as errors that say what to do; those of the processor are bugs and pass as they are. */
async function namingFailures<T>(device: Device, work: () => Promise<T>): Promise<T> {
  if (device === 'cpu') return work()
  try {
    return await work()
  } catch (error) {
    throw deviceFailure(device, error)
  }
}

function toTensors(feeds: Feeds): Record<string, Tensor> {
  return Object.fromEntries(
    Object.entries(feeds).map(([name, fed]) => [
      name,
      'onDevice' in fed ? fed.onDevice : new Tensor(fed.type as 'float32', fed.data as Float32Array, fed.dims),
    ]),
  )
}

function toPlain(tensor: Tensor): PlainTensor {
  return { type: tensor.type as PlainTensor['type'], dims: tensor.dims, data: tensor.data as TensorData }
}
