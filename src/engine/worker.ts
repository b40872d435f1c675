/**
 * @file The engine's thread: opens the model it was started with and answers the calls of its client.
 */
import { parentPort, workerData } from 'node:worker_threads'
import { checkDevice } from './check-device.ts'
import { openEngineCore } from './core.ts'
import type { Engine, EngineProgress } from './engine.ts'
import { packError, type WorkerReply, type WorkerRequest, type WorkerStart } from './worker-protocol.ts'

const send = (reply: WorkerReply): void => parentPort?.postMessage(reply)

async function openModel(): Promise<Engine | null> {
  const { directory, options } = workerData as WorkerStart
  try {
    const engine = openEngineCore(directory, options)
    await checkDevice(engine.model.device)
    send({ type: 'opened', model: engine.model })
    return engine
  } catch (error) {
    send({ type: 'failed', id: null, error: packError(error) })
    return null
  }
}

async function answer(engine: Engine, request: WorkerRequest): Promise<void> {
  const { id, call, args } = request
  const onProgress = (progress: EngineProgress): void => send({ type: 'progress', id, progress })
  try {
    const method = engine[call] as (...given: unknown[]) => Promise<unknown>
    const value = await (call === 'generate' ? method(...args, onProgress) : method(...args))
    send({ type: 'result', id, value })
  } catch (error) {
    send({ type: 'failed', id, error: packError(error) })
  }
}

const engine = await openModel()
if (engine !== null) parentPort?.on('message', (request: WorkerRequest) => void answer(engine, request))
