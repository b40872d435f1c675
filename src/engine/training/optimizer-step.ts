/**
 * @file One update of a weight set with the gradient that it has collected: clipping, then AdamW, or Muon for the matrices of hidden layers
 * and AdamW for the rest.
 */
import { EMBEDDING_WEIGHT } from '../architecture/llama-config.ts'
import type { StepResult, StepSettings } from '../engine.ts'
import { adamwUpdate } from '../optimizer/adamw.ts'
import { clipFactor, gradientNorm } from '../optimizer/gradient-norm.ts'
import { type MatrixUpdate, type Orthogonalize, muonUpdate } from '../optimizer/muon.ts'
import type { WeightSet } from './weight-set.ts'

/** Under Muon, embedding, head and norms are updated by AdamW at this share of the learning rate, with this first beta. */
const ADAMW_SHARE_UNDER_MUON = 0.15
const ADAMW_BETA1_UNDER_MUON = 0.9

/**
 * Applies and clears the collected gradient. Without one nothing changes and the step is not counted.
 * Under Muon, `beta1` is its momentum.
 */
export async function optimizerStep(set: WeightSet, settings: StepSettings, orthogonalize: Orthogonalize): Promise<StepResult> {
  const norm = gradientNorm(set.gradients.values())
  if (set.gradients.size === 0) return { gradientNorm: 0, updateNorm: 0 }
  set.optimizer.step += 1
  const updates = pendingUpdates(set, clipFactor(norm, settings.maxGradientNorm))
  const isMuon = settings.optimizer === 'muon'
  const byMuon = updates.filter((update) => isMuon && isHiddenMatrix(update))
  const { learningRate, beta1: momentum, weightDecay } = settings
  let squaredChange = await muonUpdate(set.optimizer, byMuon, { settings: { learningRate, momentum, weightDecay }, orthogonalize })
  const adamw = isMuon ? { ...settings, learningRate: learningRate * ADAMW_SHARE_UNDER_MUON, beta1: ADAMW_BETA1_UNDER_MUON } : settings
  for (const update of updates) {
    if (isMuon && isHiddenMatrix(update)) continue
    squaredChange += adamwUpdate(set.optimizer, update, { ...adamw, weightDecay: update.shape.length === 2 ? weightDecay : 0 })
  }
  set.gradients.clear()
  return { gradientNorm: norm, updateNorm: Math.sqrt(squaredChange) }
}

function pendingUpdates(set: WeightSet, gradientScale: number): readonly MatrixUpdate[] {
  return [...set.tensors].flatMap(([name, { shape, data }]) => {
    const gradient = set.gradients.get(name)
    return gradient ? [{ name, shape, data, gradient, gradientScale }] : []
  })
}

function isHiddenMatrix({ name, shape }: MatrixUpdate): boolean {
  return shape.length === 2 && name !== EMBEDDING_WEIGHT && name !== 'lm_head.weight'
}
