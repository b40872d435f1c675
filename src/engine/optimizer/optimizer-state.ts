/**
 * @file What an optimizer remembers between updates: its step count and the moments of each tensor, as named tensors that can be saved.
 */

export interface OptimizerState {
  /** Updates done so far. */
  step: number
  /** Running averages by `<tensor>.<moment>`. */
  readonly moments: Map<string, Float32Array>
}

export function emptyOptimizerState(): OptimizerState {
  return { step: 0, moments: new Map() }
}

/** The moment of a tensor, zero at first. */
export function momentOf(state: OptimizerState, name: string, length: number): Float32Array {
  const known = state.moments.get(name)
  if (known) return known
  const zeros = new Float32Array(length)
  state.moments.set(name, zeros)
  return zeros
}
