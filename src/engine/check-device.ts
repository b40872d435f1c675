/**
 * @file Whether a device computes at all, found out before anything is loaded onto it.
 */
import { add } from './graph/elementwise.ts'
import { Graph } from './graph/graph.ts'
import { serializeGraph } from './graph/serialize.ts'
import { type Device, openSession } from './session.ts'

/**
 * Lets the device add two numbers; the processor is taken at its word.
 * @throws DeviceUnavailableError where there is no such device or no driver for it, DeviceFailedError where it does not compute
 */
export async function checkDevice(device: Device): Promise<void> {
  if (device === 'cpu') return
  const graph = new Graph()
  graph.output('sum', add(graph.input('number', 'float32', [1]), 1))
  const session = await openSession({ model: serializeGraph(graph), device, threads: 1 })
  try {
    await session.run({ number: { type: 'float32', dims: [1], data: Float32Array.of(1) } })
  } finally {
    await session.release()
  }
}
