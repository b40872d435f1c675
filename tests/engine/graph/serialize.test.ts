import protobuf from 'protobufjs/light.js'
import { describe, expect, it } from 'vitest'
import { add, cast, exp, mul } from '../../../src/engine/graph/elementwise.ts'
import { Graph } from '../../../src/engine/graph/graph.ts'
import { gemm } from '../../../src/engine/graph/matrix.ts'
import { reshape } from '../../../src/engine/graph/movement.ts'
import { ONNX_SCHEMA } from '../../../src/engine/graph/onnx-schema.ts'
import { serializeGraph } from '../../../src/engine/graph/serialize.ts'
import { openSession } from '../../../src/engine/session.ts'

const model = protobuf.Root.fromJSON(ONNX_SCHEMA).lookupType('ModelProto')
const decode = (bytes: Uint8Array) => model.toObject(model.decode(bytes), { longs: Number, bytes: Array, defaults: false })

/** y = 2 W x as rows, with W half precision in a file at byte 8. */
function example(): Graph {
  const graph = new Graph()
  const x = graph.input('x', 'float32', ['B', 2])
  exp(x)
  const weight = graph.external('w', { type: 'float16', shape: [3, 2], location: 'model.bin', offsetBytes: 8, lengthBytes: 12 })
  const y = gemm(x, cast(weight, 'float32'), { transB: true, alpha: 2 })
  graph.output('y', y)
  graph.output('flat', reshape(add(y, 1), ['3*B']))
  return graph
}

describe('serializeGraph()', () => {
  it('writes nodes, attributes, inputs, outputs and file ranges that the format reads back', () => {
    const { graph, opsetImport } = decode(serializeGraph(example()))
    expect(opsetImport).toEqual([{ version: 21 }, { domain: 'com.microsoft', version: 1 }])
    expect(graph.node.map((node: { opType: string }) => node.opType)).toEqual(['Cast', 'Gemm', 'Add', 'Reshape', 'Identity', 'Identity'])
    expect(graph.node[1].attribute).toEqual([
      { name: 'alpha', f: 2, type: 1 },
      { name: 'transA', type: 2 },
      { name: 'transB', i: 1, type: 2 },
    ])
    expect(graph.input).toEqual([
      { name: 'x', type: { tensorType: { elemType: 1, shape: { dim: [{ dimParam: 'B' }, { dimValue: 2 }] } } } },
    ])
    expect(graph.output.map((output: { name: string }) => output.name)).toEqual(['y', 'flat'])
    expect(graph.initializer.find((tensor: { name: string }) => tensor.name === 'w')).toEqual({
      name: 'w',
      dims: [3, 2],
      dataType: 10,
      dataLocation: 1,
      externalData: [
        { key: 'location', value: 'model.bin' },
        { key: 'offset', value: '8' },
        { key: 'length', value: '12' },
      ],
    })
  })

  it('gives the same bytes for the same graph', () => {
    expect(serializeGraph(example())).toEqual(serializeGraph(example()))
  })

  it('gives a model that computes what the graph says, with weights from a file', async () => {
    const file = new Uint8Array(20)
    file.set(new Uint8Array(Uint16Array.of(0x3c00, 0, 0, 0x3c00, 0x4000, 0xbc00).buffer), 8)
    const session = await openSession({
      model: serializeGraph(example()),
      externalData: [{ path: 'model.bin', data: Buffer.from(file) }],
      threads: 1,
    })
    const { y, flat } = await session.run({ x: { type: 'float32', dims: [2, 2], data: Float32Array.of(1, 2, 3, 4) } })
    await session.release()
    expect(y).toMatchObject({ dims: [2, 3], data: Float32Array.of(2, 4, 0, 6, 8, 4) })
    expect(flat).toMatchObject({ dims: [6], data: Float32Array.of(3, 5, 1, 7, 9, 5) })
  })

  it('refuses a graph that does not keep to the specification', () => {
    const graph = new Graph()
    mul(graph.input('x', 'float32', [2]), 2)
    expect(() => serializeGraph(graph)).toThrow('the graph has no outputs')
  })
})
