/**
 * @file AdamW: Adam with decoupled weight decay. Knows one tensor at a time.
 * Source: Loshchilov and Hutter, arXiv:1711.05101, algorithm 2, in the order of operations of PyTorch's torch.optim.AdamW.
 */
import { type OptimizerState, momentOf } from './optimizer-state.ts'

export interface AdamwSettings {
  readonly learningRate: number
  readonly beta1: number
  readonly beta2: number
  readonly epsilon: number
  readonly weightDecay: number
}

/** A tensor and its gradient, which is multiplied by `gradientScale` first. */
export interface TensorUpdate {
  readonly name: string
  readonly data: Float32Array
  readonly gradient: Float32Array
  readonly gradientScale: number
}

/** Changes `data` in place; `state.step` already counts this update. Gives the squared L2 norm of the change. */
export function adamwUpdate(state: OptimizerState, { name, data, gradient, gradientScale }: TensorUpdate, settings: AdamwSettings): number {
  const { learningRate, beta1, beta2, epsilon, weightDecay } = settings
  const first = momentOf(state, `${name}.first`, data.length)
  const second = momentOf(state, `${name}.second`, data.length)
  const stepSize = learningRate / (1 - beta1 ** state.step)
  const rootCorrection = Math.sqrt(1 - beta2 ** state.step)
  const keep = 1 - learningRate * weightDecay
  let squaredChange = 0
  for (let i = 0; i < data.length; i++) {
    const g = (gradient[i] as number) * gradientScale
    const m = beta1 * (first[i] as number) + (1 - beta1) * g
    const v = beta2 * (second[i] as number) + (1 - beta2) * g * g
    first[i] = m
    second[i] = v
    const before = data[i] as number
    data[i] = before * keep - (stepSize * m) / (Math.sqrt(v) / rootCorrection + epsilon)
    const change = (data[i] as number) - before
    squaredChange += change * change
  }
  return squaredChange
}
