/**
 * @file The written specification of every operator that a graph may use, and the check of one call against it.
 */
import { InternalError } from '../../base/errors.ts'
import { ELEMENTWISE_SPECS } from './elementwise.ts'
import { INDEXING_SPECS } from './indexing.ts'
import { MATRIX_SPECS } from './matrix.ts'
import { MOVEMENT_SPECS } from './movement.ts'
import { NORMALIZATION_SPECS } from './normalization.ts'
import type { AttributeKind, Inferred, OpCall, OpSpec, OpSpecs } from './op-spec.ts'
import { REDUCTION_SPECS } from './reduction.ts'
import type { Attribute } from './value.ts'

const TABLE: OpSpecs = {
  ...ELEMENTWISE_SPECS,
  ...REDUCTION_SPECS,
  ...MATRIX_SPECS,
  ...MOVEMENT_SPECS,
  ...INDEXING_SPECS,
  ...NORMALIZATION_SPECS,
}

export function specOf(op: string): OpSpec {
  const spec = TABLE[op]
  if (!spec) throw new InternalError(`operator ${op} has no specification`, 'graph')
  return spec
}

/** Checks a call against its specification and gives the types and shapes of its results. */
export function inferCall(call: OpCall): readonly Inferred[] {
  const spec = specOf(call.op)
  const [fewest, most] = spec.arity
  if (call.inputs.length < fewest || call.inputs.length > most)
    throw new InternalError(`${call.inputs.length} inputs, not ${fewest} to ${most}`, call.op)
  for (const [name, value] of Object.entries(call.attributes)) {
    const kind = spec.attributes[name]
    if (kind === undefined || !fits(value, kind)) throw new InternalError(`attribute ${name} is unknown or not of its kind`, call.op)
  }
  return spec.infer(call)
}

function fits(value: Attribute, kind: AttributeKind): boolean {
  if (kind === 'ints') return Array.isArray(value) && value.every(Number.isInteger)
  if (kind === 'int') return Number.isInteger(value)
  return typeof value === (kind === 'float' ? 'number' : 'string')
}
