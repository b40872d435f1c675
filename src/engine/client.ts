/**
 * @file The engine in a thread of its own, so that progress, signals and servers of this thread stay alive while it computes.
 */
import { Worker } from 'node:worker_threads'
import type { EngineOptions } from './core.ts'
import type { Engine, EngineProgress, ModelDescription } from './engine.ts'
import { EngineClosedError } from './errors.ts'
import { unpackError, type EngineCall, type WorkerReply } from './worker-protocol.ts'

/**
 * Loads a model directory into a new thread. Calls are answered in the order in which they were made.
 * @throws the errors of opening a model directory (src/engine/errors.ts)
 */
export async function openEngine(directory: string, options: EngineOptions = {}): Promise<Engine> {
  const worker = startWorker({ directory, options })
  const calls = new CallTable(worker)
  const model = await calls.opened
  const call =
    <T>(name: EngineCall) =>
    (...args: unknown[]): Promise<T> =>
      calls.call(name, args) as Promise<T>
  return {
    model,
    createLora: call('createLora'),
    createFull: call('createFull'),
    loadAdapter: call('loadAdapter'),
    saveAdapter: call('saveAdapter'),
    saveModel: call('saveModel'),
    saveOptimizer: call('saveOptimizer'),
    loadOptimizer: call('loadOptimizer'),
    release: call('release'),
    generate: (request, onProgress) => calls.call('generate', [request], onProgress) as ReturnType<Engine['generate']>,
    score: call('score'),
    embed: call('embed'),
    backward: call('backward'),
    step: call('step'),
    close: () => calls.close(),
  }
}

/** Node 20 cannot start TypeScript by itself: from source a few lines of JavaScript bring the loader into the thread first. */
function startWorker(workerData: { readonly directory: string; readonly options: EngineOptions }): Worker {
  if (!import.meta.url.endsWith('.ts')) return new Worker(new URL('./worker.js', import.meta.url), { workerData })
  const [loader, script] = [import.meta.resolve('tsx/esm/api'), new URL('./worker.ts', import.meta.url).href]
  const start = `import(${JSON.stringify(loader)}).then(({ register }) => { register(); return import(${JSON.stringify(script)}) })`
  return new Worker(start, { workerData, eval: true })
}

interface OpenCall {
  readonly resolve: (value: unknown) => void
  readonly reject: (error: Error) => void
  readonly onProgress: ((progress: EngineProgress) => void) | undefined
}

/** Calls that wait for their answer. When the thread ends they all fail. */
class CallTable {
  readonly opened: Promise<ModelDescription>
  readonly #worker: Worker
  readonly #open = new Map<number, OpenCall>()
  #next = 1
  #ended: Error | null = null

  constructor(worker: Worker) {
    this.#worker = worker
    this.opened = new Promise((resolve, reject) => {
      this.#open.set(0, { resolve: resolve as (value: unknown) => void, reject, onProgress: undefined })
    })
    worker.on('message', (reply: WorkerReply) => this.#receive(reply))
    worker.on('error', (cause) => this.#end(new EngineClosedError({ reason: `its thread failed (${cause.message})` }, { cause })))
    worker.on('exit', (code) => this.#end(new EngineClosedError({ reason: `its thread ended with code ${code}` })))
  }

  call(name: EngineCall, args: readonly unknown[], onProgress?: (progress: EngineProgress) => void): Promise<unknown> {
    if (this.#ended !== null) return Promise.reject(this.#ended)
    const id = this.#next++
    return new Promise((resolve, reject) => {
      this.#open.set(id, { resolve, reject, onProgress })
      this.#worker.postMessage({ id, call: name, args })
    })
  }

  async close(): Promise<void> {
    if (this.#ended !== null) return
    await this.call('close', []).catch(() => undefined)
    this.#end(new EngineClosedError({ reason: 'it was closed' }))
    await this.#worker.terminate()
  }

  #receive(reply: WorkerReply): void {
    if (reply.type === 'progress') {
      this.#open.get(reply.id)?.onProgress?.(reply.progress)
      return
    }
    const id = reply.type === 'opened' ? 0 : (reply.id ?? 0)
    const open = this.#open.get(id)
    this.#open.delete(id)
    if (reply.type === 'failed') {
      open?.reject(unpackError(reply.error))
      if (reply.id === null) void this.#worker.terminate()
    } else open?.resolve(reply.type === 'opened' ? reply.model : reply.value)
  }

  #end(reason: Error): void {
    this.#ended ??= reason
    for (const open of this.#open.values()) open.reject(this.#ended)
    this.#open.clear()
  }
}
