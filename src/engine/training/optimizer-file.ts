/**
 * @file Optimizer state on disk: one safetensors file with every moment and the step count, so that a stopped training goes on with the same bits.
 */
import { readSafetensors, tensorToFloats, writeSafetensors, type TensorValues } from '../checkpoint/safetensors.ts'
import { OptimizerMismatchError } from '../errors.ts'
import type { OptimizerState } from '../optimizer/optimizer-state.ts'
import type { WeightSet } from './weight-set.ts'

/** Holds the step count; exact up to 2^24 steps. */
const STEP_TENSOR = 'optimizer.step'

export function writeOptimizerState(path: string, state: OptimizerState): void {
  const tensors = new Map<string, TensorValues>([[STEP_TENSOR, { shape: [1], values: Float32Array.of(state.step) }]])
  for (const [name, values] of state.moments) tensors.set(name, { shape: [values.length], values })
  writeSafetensors(path, tensors)
}

/**
 * The state as it was written for weights of the same shapes.
 * @throws SafetensorsCorruptError, ModelFileMissingError, OptimizerMismatchError
 */
export function readOptimizerState(path: string, weights: WeightSet): OptimizerState {
  const file = readSafetensors(path)
  const moments = new Map<string, Float32Array>()
  let step = 0
  for (const [name, tensor] of file.tensors) {
    const values = tensorToFloats(file.bytes, tensor)
    if (name === STEP_TENSOR) step = values[0] ?? 0
    else {
      const trained = weights.tensors.get(name.slice(0, name.lastIndexOf('.')))
      if (trained?.data.length !== values.length) throw new OptimizerMismatchError({ path, tensor: name })
      moments.set(name, values)
    }
  }
  return { step, moments }
}
