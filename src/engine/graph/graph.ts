/**
 * @file A typed tensor graph under construction: inputs, constants, nodes in order of computation, outputs. Shapes are inferred and checked
 * with every node. It knows the operators only through their specifications, and neither gradients nor the runtime.
 */
import { InternalError } from '../../base/errors.ts'
import type { Inferred } from './op-spec.ts'
import { inferCall } from './op-table.ts'
import { type Shape, formatShape, sameDim } from './shape.ts'
import type { Attributes, ElementType, GraphBuilder, GraphNode, Value } from './value.ts'

/** Bytes of a constant, little-endian: in the graph itself, or a range of a file that is given to the session. */
export type ConstantData =
  | { readonly kind: 'inline'; readonly bytes: Uint8Array }
  | { readonly kind: 'external'; readonly location: string; readonly offset: number; readonly length: number }

export interface Constant {
  readonly value: Value
  readonly data: ConstantData
}

/** Where a constant lies inside a file, as safetensors gives it. */
export interface ExternalTensor {
  readonly type: ElementType
  readonly shape: readonly number[]
  /** The name under which the session is given the file. */
  readonly location: string
  /** From the start of the file. */
  readonly offsetBytes: number
  readonly lengthBytes: number
}

/** A graph and the only way to add to it. The operator functions beside this file call `add`. */
export class Graph implements GraphBuilder {
  readonly inputs: Value[] = []
  readonly constants: Constant[] = []
  readonly nodes: GraphNode[] = []
  readonly outputs: { readonly name: string; readonly value: Value }[] = []
  readonly #names = new Set<string>()
  readonly #shared = new Map<string, Value>()

  /** A tensor that every run feeds. */
  input(name: string, type: ElementType, shape: Shape): Value {
    const value = this.#declare(name, { type, shape })
    this.inputs.push(value)
    return value
  }

  /** A constant number or vector of numbers; the same one is stored once. */
  constant(data: number | readonly number[] | Float32Array, type: ElementType = 'float32', shape?: readonly number[]): Value {
    const numbers = typeof data === 'number' ? [data] : data
    const dims = shape ?? (typeof data === 'number' ? [] : [numbers.length])
    const isVector = type === 'int64' && dims.length <= 1
    const inferred: Inferred = { type, shape: dims, ...(isVector ? { contents: [...numbers] } : {}) }
    const create = (): Value => this.#store(`constant_${this.constants.length}`, inferred, { kind: 'inline', bytes: encode(numbers, type) })
    return numbers.length > 16 ? create() : this.once(`${type}${formatShape(dims)}=${numbers.join()}`, create)
  }

  /** A constant that stays in its file: nothing is copied into the graph. */
  external(name: string, tensor: ExternalTensor): Value {
    const data: ConstantData = { kind: 'external', location: tensor.location, offset: tensor.offsetBytes, length: tensor.lengthBytes }
    return this.#store(name, { type: tensor.type, shape: tensor.shape }, data)
  }

  /** A constant of another graph under the same name; its bytes are shared. */
  adopt({ value: { type, shape, name, contents }, data }: Constant): Value {
    return this.#store(name, { type, shape, ...(contents ? { contents } : {}) }, data)
  }

  /** Applies an operator and gives its results. */
  add(op: string, inputs: readonly (Value | null)[], attributes: Attributes = {}): readonly Value[] {
    const foreign = inputs.find((value) => value !== null && value.graph !== this)
    if (foreign) throw new InternalError(`${foreign.name} belongs to another graph`, op)
    const inferred = inferCall({ op, inputs, attributes })
    const base = `${op}_${this.nodes.length}`
    const outputs = inferred.map((one, i) => this.#declare(i === 0 ? base : `${base}.${i}`, one))
    this.nodes.push({ op, inputs, outputs, attributes })
    return outputs
  }

  /** Applies an operator that has one result. */
  apply(op: string, inputs: readonly (Value | null)[], attributes: Attributes = {}): Value {
    return this.add(op, inputs, attributes)[0] as Value
  }

  /** Makes `value` a result of a run under `name`. */
  output(name: string, value: Value): void {
    if (this.outputs.some((output) => output.name === name)) throw new InternalError(`output ${name} is declared twice`, 'Graph.output')
    this.outputs.push({ name, value })
  }

  /** What `create` gave the first time it was asked for under `key`. */
  once(key: string, create: () => Value): Value {
    const known = this.#shared.get(key)
    if (known) return known
    const value = create()
    this.#shared.set(key, value)
    return value
  }

  hasDimension(name: string): boolean {
    return this.#findDimension(name) !== undefined
  }

  /** The run-time length of a named dimension as int64[1], read off an input that has it. */
  dimension(name: string): Value {
    const found = this.#findDimension(name)
    if (!found) throw new InternalError(`no graph input has a dimension ${name}`, 'Graph.dimension')
    return this.once(`dimension ${name}`, () => this.apply('Shape', [found.input], { start: found.axis, end: found.axis + 1 }))
  }

  #findDimension(name: string): { readonly input: Value; readonly axis: number } | undefined {
    for (const input of this.inputs) {
      const axis = input.shape.findIndex((dim) => typeof dim === 'string' && sameDim(dim, name))
      if (axis !== -1) return { input, axis }
    }
    return undefined
  }

  #store(name: string, inferred: Inferred, data: ConstantData): Value {
    const value = this.#declare(name, inferred)
    this.constants.push({ value, data })
    return value
  }

  #declare(name: string, inferred: Inferred): Value {
    if (this.#names.has(name)) throw new InternalError(`the name ${name} is taken`, 'Graph')
    this.#names.add(name)
    return { graph: this, name, ...inferred }
  }
}

function encode(numbers: ArrayLike<number>, type: ElementType): Uint8Array {
  if (type === 'float32') return new Uint8Array(Float32Array.from(numbers).buffer)
  if (type === 'int32') return new Uint8Array(Int32Array.from(numbers).buffer)
  if (type === 'int64') return new Uint8Array(BigInt64Array.from(Array.from(numbers, BigInt)).buffer)
  if (type === 'bool') return Uint8Array.from(numbers)
  throw new InternalError(`constants of type ${type} come from files only`, 'Graph.constant')
}
