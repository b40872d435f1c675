/**
 * @file Learning-rate schedules: linear warm-up, then constant, linear or cosine decay to a share of the peak. Pure, so that any step's rate is known.
 * Source: as in transformers' schedulers, with a final share above zero as TRL users set it (`min_lr_rate`).
 */

/** A schedule's settings. Rates are per step; `finalShare` is the share of the peak at the last step. */
export interface LearningRateSchedule {
  readonly learningRate: number
  readonly schedule: 'constant' | 'linear' | 'cosine'
  readonly warmUpSteps: number
  readonly finalShare: number
}

/** The rate of one step. @param step from 1 @param steps planned steps, at least 1 */
export function learningRateAt(step: number, steps: number, settings: LearningRateSchedule): number {
  const { learningRate, schedule, warmUpSteps, finalShare } = settings
  if (step <= warmUpSteps) return (learningRate * step) / (warmUpSteps + 1)
  if (schedule === 'constant') return learningRate
  const progress = Math.min(1, (step - warmUpSteps - 1) / Math.max(1, steps - warmUpSteps - 1))
  const remaining = schedule === 'linear' ? 1 - progress : (1 + Math.cos(Math.PI * progress)) / 2
  return learningRate * (finalShare + (1 - finalShare) * remaining)
}
