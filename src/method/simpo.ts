/**
 * @file SimPO: mean log-probabilities of chosen and rejected answers, a target margin, and no reference.
 * Source: Meng et al., arXiv:2405.14734.
 */
import { z } from 'zod'
import { defineMethod, writtenAs } from './method-card.ts'
import { preferenceSettings, sharedSettings } from './settings.ts'

export const simpoCard = defineMethod({
  name: 'simpo',
  title: 'Simple preference optimisation (SimPO)',
  summary: 'Learns pairs by their mean log-probabilities and a target margin, without a reference.',
  source: 'Meng et al., arXiv:2405.14734',
  schema: z.strictObject({
    name: z.literal('simpo'),
    ...sharedSettings,
    ...preferenceSettings,
    beta: z.number().positive().default(2).describe('Scale of the difference of mean log-probabilities.'),
    gamma: z.number().min(0).default(1).describe('Target margin, in the units of the scaled log-probability difference.'),
  }),
  form: 'pairs',
  trainers: ['trl'],
  needsReference: () => false,
  holdsLogits: true,
})

/** Simple preference optimisation on pairs, without a reference model. */
export const simpo = writtenAs(simpoCard)
