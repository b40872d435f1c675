/**
 * @file A loaded graph that runs: the only place that knows onnxruntime-node. Tensors go in and out as plain objects.
 * It refuses to know what a graph computes.
 */
import { cpus } from 'node:os'
import { InferenceSession, Tensor, env } from 'onnxruntime-node'

export type TensorData = Float32Array | BigInt64Array | Int32Array | Uint8Array

/** A tensor in memory. Booleans are bytes. */
export interface PlainTensor {
  readonly type: 'float32' | 'int64' | 'int32' | 'bool'
  readonly dims: readonly number[]
  readonly data: TensorData
}

export type Device = 'cpu' | 'webgpu'

export interface SessionOptions {
  /** Bytes of an ONNX model, as `serializeGraph` gives them. */
  readonly model: Uint8Array
  /** The files that external constants point into, by the name under which they do. */
  readonly externalData?: readonly { readonly path: string; readonly data: Uint8Array }[]
  /** Default: the number of processors. */
  readonly threads?: number
  readonly device?: Device
  /** Lays all intermediate values of a repeated shape into one block: faster on small graphs, twice the memory on large ones. Default true. */
  readonly plansMemory?: boolean
  /** File name prefix of a profile to record; `endProfiling` writes it. */
  readonly profilePrefix?: string
}

export type Feeds = Readonly<Record<string, PlainTensor>>

export interface Session {
  readonly inputNames: readonly string[]
  readonly outputNames: readonly string[]
  /** Runs the graph; blocks this thread while it computes. Every input must be fed; `fetches` names the outputs (default all). */
  run(feeds: Feeds, fetches?: readonly string[]): Promise<Readonly<Record<string, PlainTensor>>>
  /** Writes the profile, if one was asked for. */
  endProfiling(): void
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

export async function openSession(options: SessionOptions): Promise<Session> {
  const session = await InferenceSession.create(options.model, {
    executionProviders: [options.device ?? 'cpu'],
    intraOpNumThreads: options.threads ?? defaultThreads(),
    interOpNumThreads: 1,
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    enableMemPattern: options.plansMemory ?? true,
    logSeverityLevel: 3,
    externalData: (options.externalData ?? []).map((file) => ({ path: file.path, data: file.data })),
    ...(options.profilePrefix === undefined ? {} : { enableProfiling: true, profileFilePrefix: options.profilePrefix }),
  })
  return {
    inputNames: session.inputNames,
    outputNames: session.outputNames,
    run: async (feeds, fetches = session.outputNames) => {
      const tensors = Object.fromEntries(Object.entries(feeds).map(([name, tensor]) => [name, toTensor(tensor)]))
      const results = await session.run(tensors, [...fetches])
      return Object.fromEntries(Object.entries(results).map(([name, tensor]) => [name, toPlain(tensor)]))
    },
    endProfiling: () => session.endProfiling(),
    release: () => session.release(),
  }
}

function toTensor({ type, dims, data }: PlainTensor): Tensor {
  return new Tensor(type as 'float32', data as Float32Array, dims)
}

function toPlain(tensor: Tensor): PlainTensor {
  return { type: tensor.type as PlainTensor['type'], dims: tensor.dims, data: tensor.data as TensorData }
}
