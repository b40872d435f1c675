/**
 * @file Optimizer state on disk: one safetensors file with every moment and the step count, so that a stopped training goes on with the same bits.
 */
import { readSafetensors, tensorToFloats, writeSafetensors, type TensorValues } from '../checkpoint/safetensors.ts'
import type { OptimizerState } from '../optimizer/optimizer-state.ts'

/** Holds the step count; exact up to 2^24 steps. */
const STEP_TENSOR = 'optimizer.step'

export function writeOptimizerState(path: string, state: OptimizerState): void {
  const tensors = new Map<string, TensorValues>([[STEP_TENSOR, { shape: [1], values: Float32Array.of(state.step) }]])
  for (const [name, values] of state.moments) tensors.set(name, { shape: [values.length], values })
  writeSafetensors(path, tensors)
}

/** @throws SafetensorsCorruptError, ModelFileMissingError */
export function readOptimizerState(path: string): OptimizerState {
  const file = readSafetensors(path)
  const moments = new Map<string, Float32Array>()
  let step = 0
  for (const [name, tensor] of file.tensors) {
    const values = tensorToFloats(file.bytes, tensor)
    if (name === STEP_TENSOR) step = values[0] ?? 0
    else moments.set(name, values)
  }
  return { step, moments }
}
