/**
 * @file Tensors that many runs read and none changes, sent to the device's memory once instead of with every run. On the processor there is nothing
 * to send. It knows nothing of what the tensors are.
 */
import { Graph } from './graph/graph.ts'
import { serializeGraph } from './graph/serialize.ts'
import { type Device, type DeviceTensor, type Feeds, type PlainTensors, type Upload, openUpload } from './session.ts'

export interface DeviceCopies {
  /** The tensors where the device reads them best. Those of the call before are dropped: one set is held at a time. */
  of(tensors: PlainTensors): Promise<Feeds>
  release(): Promise<void>
}

export function deviceCopies(device: Device = 'cpu'): DeviceCopies {
  if (device === 'cpu') return { of: (tensors) => Promise.resolve(tensors), release: () => Promise.resolve() }
  const uploads = new Map<string, Promise<Upload>>()
  let held: readonly DeviceTensor[] = []
  const drop = (): void => {
    for (const tensor of held) tensor.dispose()
    held = []
  }
  return {
    of: async (tensors) => {
      drop()
      const key = JSON.stringify(Object.entries(tensors).map(([name, { dims }]) => [name, dims]))
      const upload = uploads.get(key) ?? openUpload({ model: serializeGraph(passingGraph(tensors)), device, threads: 1 })
      uploads.set(key, upload)
      const kept = await (await upload).run(tensors)
      held = Object.values(kept)
      return Object.fromEntries(Object.entries(kept).map(([name, tensor]) => [name.slice(PREFIX.length), tensor]))
    },
    release: async () => {
      drop()
      const opened = [...uploads.values()]
      uploads.clear()
      for (const upload of opened) await (await upload).release()
    },
  }
}

const PREFIX = 'kept '

/** Gives every input as it is, under a name of its own. */
function passingGraph(tensors: PlainTensors): Graph {
  const graph = new Graph()
  for (const [name, { type, dims }] of Object.entries(tensors)) graph.output(`${PREFIX}${name}`, graph.input(name, type, dims))
  return graph
}
