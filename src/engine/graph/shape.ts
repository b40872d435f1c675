/**
 * @file Symbolic tensor shapes: a dimension is a number or a name, products and sums of names are names too ('B*S', 'P+1').
 * Two names are the same dimension only when they are spelled the same after sorting their factors. Knows nothing of operators.
 */
import { InternalError } from '../../base/errors.ts'

/** A length, or the name of a length that is known when the graph runs. */
export type Dim = number | string

export type Shape = readonly Dim[]

/** 'float32[B, 4]', for messages. */
export function formatShape(shape: Shape): string {
  return `[${shape.join(', ')}]`
}

export function sameDim(a: Dim, b: Dim): boolean {
  return a === b || productKey([a]) === productKey([b])
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((dim, axis) => sameDim(dim, b[axis] as Dim))
}

/** The shape of an elementwise result by the rules of numpy. */
export function broadcastShapes(a: Shape, b: Shape, where: string): Dim[] {
  const rank = Math.max(a.length, b.length)
  return Array.from({ length: rank }, (_, i) => {
    const left = a[a.length - rank + i] ?? 1
    const right = b[b.length - rank + i] ?? 1
    if (left === 1) return right
    if (right === 1 || sameDim(left, right)) return left
    throw new InternalError(`shapes ${formatShape(a)} and ${formatShape(b)} do not broadcast`, where)
  })
}

/** The axis counted from the front. */
export function positiveAxis(axis: number, rank: number, where: string): number {
  const positive = axis < 0 ? axis + rank : axis
  if (positive < 0 || positive >= rank) throw new InternalError(`axis ${axis} is outside rank ${rank}`, where)
  return positive
}

/** The sum of lengths, as a number or a name. */
export function sumDims(dims: Shape): Dim {
  const constant = dims.reduce<number>((sum, dim) => (typeof dim === 'number' ? sum + dim : sum), 0)
  const names = dims.filter((dim) => typeof dim === 'string')
  if (names.length === 0) return constant
  return [...names, ...(constant === 0 ? [] : [constant])].join('+')
}

interface Product {
  readonly constant: number
  readonly names: readonly string[]
}

function product(dims: Shape): Product {
  let constant = 1
  const names: string[] = []
  for (const dim of dims) {
    for (const factor of String(dim).split('*')) {
      if (/^\d+$/.test(factor)) constant *= Number(factor)
      else names.push(factor)
    }
  }
  return { constant, names: names.toSorted() }
}

function spell({ constant, names }: Product): Dim {
  if (names.length === 0) return constant
  return (constant === 1 ? names : [String(constant), ...names]).join('*')
}

/** The product of lengths, as a number or a name. */
export function productDim(dims: Shape): Dim {
  return spell(product(dims))
}

/** One spelling for equal numbers of elements. */
export function productKey(dims: Shape): string {
  return String(productDim(dims))
}

/** The dimension that completes `known` to as many elements as `total` has; undefined when there is none. */
export function quotientDim(total: Shape, known: Shape): Dim | undefined {
  const all = product(total)
  const part = product(known)
  const names = [...all.names]
  for (const name of part.names) {
    const at = names.indexOf(name)
    if (at === -1) return undefined
    names.splice(at, 1)
  }
  const constant = all.constant / part.constant
  return Number.isInteger(constant) ? spell({ constant, names }) : undefined
}
