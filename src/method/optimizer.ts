/**
 * @file Settings of the optimizer and its schedule, the same for every method.
 */
import { z } from 'zod'

export const optimizerSpecSchema = z.strictObject({
  name: z.enum(['adamw', 'muon']).default('adamw').describe('The optimizer. `muon` is for matrices, on the embedded trainer only.'),
  learningRate: z.number().min(0).describe('Rate at the peak of the schedule. 0 stands still, which only a control may.'),
  // From 1 on the moments grow without end, and without epsilon a parameter that had no gradient yet is divided by 0.
  beta1: z.number().min(0).lt(1).default(0.9).describe('Decay of the first moment.'),
  beta2: z.number().min(0).lt(1).default(0.99).describe('Decay of the second moment.'),
  epsilon: z.number().positive().default(1e-8).describe('Added to the root of the second moment.'),
  weightDecay: z.number().min(0).default(0).describe('Decoupled weight decay.'),
  maxGradientNorm: z.number().min(0).default(1).describe('The gradient is scaled down to this norm; 0 leaves it as it is.'),
  schedule: z.enum(['constant', 'linear', 'cosine']).default('linear').describe('How the rate falls after the warm-up.'),
  warmUpSteps: z.int().min(0).default(5).describe('Steps over which the rate rises to its peak.'),
  finalShare: z.number().min(0).max(1).default(0.1).describe('Share of the peak rate that the schedule ends with.'),
})

export type OptimizerSpec = z.output<typeof optimizerSpecSchema>

/** An optimizer as a suite file writes it, under `optimizer`. */
export type OptimizerInput = Readonly<z.input<typeof optimizerSpecSchema>>

/** Its settings as they may stand among a method's own; `name` is the method's there. */
export type FlatOptimizer = Omit<OptimizerInput, 'name'>

/** Names of the settings that may stand among a method's own. */
export const FLAT_OPTIMIZER_SETTINGS: readonly string[] = Object.keys(optimizerSpecSchema.shape).filter((key) => key !== 'name')
