/**
 * @file A verified graph as the bytes of an ONNX model. Nodes that no output needs are left out; constants in files stay there.
 */
import protobuf from 'protobufjs/light.js'
import { ELEMENT_CODES } from './elementwise.ts'
import type { Constant, Graph } from './graph.ts'
import { ONNX_SCHEMA } from './onnx-schema.ts'
import type { AttributeKind } from './op-spec.ts'
import { specOf } from './op-table.ts'
import type { Attribute, GraphNode, Value } from './value.ts'
import { neededNodes, verifyGraph } from './verify.ts'

const IR_VERSION = 10
const OPSETS = [
  { domain: '', version: 21 },
  { domain: 'com.microsoft', version: 1 },
]
const EXTERNAL = 1
const ATTRIBUTE_TYPES: Readonly<Record<AttributeKind, number>> = { float: 1, int: 2, string: 3, ints: 7 }

const modelType = protobuf.Root.fromJSON(ONNX_SCHEMA).lookupType('ModelProto')

/** Verifies the graph and gives the bytes of its model. The same graph always gives the same bytes. */
export function serializeGraph(graph: Graph): Uint8Array {
  verifyGraph(graph)
  const nodes = neededNodes(graph)
  const used = new Set<Value | null>([...nodes.flatMap((node) => node.inputs), ...graph.outputs.map((output) => output.value)])
  const model = {
    irVersion: IR_VERSION,
    producerName: 'holdfast',
    opsetImport: OPSETS,
    graph: {
      name: 'graph',
      node: [...nodes.map(nodeMessage), ...graph.outputs.map(outputNode)],
      initializer: graph.constants.filter((constant) => used.has(constant.value)).map(tensorMessage),
      input: graph.inputs.map((value) => valueMessage(value.name, value)),
      output: graph.outputs.map(({ name, value }) => valueMessage(name, value)),
    },
  }
  return modelType.encode(modelType.fromObject(model)).finish()
}

function nodeMessage(node: GraphNode): object {
  const spec = specOf(node.op)
  return {
    name: node.outputs[0]?.name,
    opType: node.op,
    domain: spec.domain,
    input: node.inputs.map((value) => value?.name ?? ''),
    output: node.outputs.map((value) => value.name),
    attribute: Object.entries(node.attributes).map(([name, value]) =>
      attributeMessage(name, value, spec.attributes[name] as AttributeKind),
    ),
  }
}

/** Outputs carry names of their own, so that one value can be given under several. */
function outputNode({ name, value }: { name: string; value: Value }): object {
  return { name: `output ${name}`, opType: 'Identity', domain: '', input: [value.name], output: [name] }
}

function attributeMessage(name: string, value: Attribute, kind: AttributeKind): object {
  const type = ATTRIBUTE_TYPES[kind]
  if (kind === 'float') return { name, type, f: value }
  if (kind === 'int') return { name, type, i: value }
  if (kind === 'ints') return { name, type, ints: value }
  return { name, type, s: Buffer.from(String(value)) }
}

function tensorMessage({ value, data }: Constant): object {
  const base = { name: value.name, dims: value.shape, dataType: ELEMENT_CODES[value.type] }
  if (data.kind === 'inline') return { ...base, rawData: data.bytes }
  const entries = { location: data.location, offset: String(data.offset), length: String(data.length) }
  return { ...base, dataLocation: EXTERNAL, externalData: Object.entries(entries).map(([key, entry]) => ({ key, value: entry })) }
}

function valueMessage(name: string, value: Value): object {
  const dim = value.shape.map((length) => (typeof length === 'number' ? { dimValue: length } : { dimParam: length }))
  return { name, type: { tensorType: { elemType: ELEMENT_CODES[value.type], shape: { dim } } } }
}
