/**
 * @file One update of a weight set with the gradient that it has collected: clipping, then the optimizer tensor by tensor.
 */
import type { StepResult, StepSettings } from '../engine.ts'
import { adamwUpdate } from '../optimizer/adamw.ts'
import { clipFactor, gradientNorm } from '../optimizer/gradient-norm.ts'
import type { WeightSet } from './weight-set.ts'

/** Applies and clears the collected gradient. Without one nothing changes and the step is not counted. */
export function optimizerStep(set: WeightSet, settings: StepSettings): StepResult {
  const norm = gradientNorm(set.gradients.values())
  if (set.gradients.size === 0) return { gradientNorm: 0, updateNorm: 0 }
  const gradientScale = clipFactor(norm, settings.maxGradientNorm)
  set.optimizer.step += 1
  let squaredChange = 0
  for (const [name, { data, shape }] of set.tensors) {
    const gradient = set.gradients.get(name)
    if (!gradient) continue
    const weightDecay = shape.length === 2 ? settings.weightDecay : 0
    squaredChange += adamwUpdate(set.optimizer, { name, data, gradient, gradientScale }, { ...settings, weightDecay })
  }
  set.gradients.clear()
  return { gradientNorm: norm, updateNorm: Math.sqrt(squaredChange) }
}
