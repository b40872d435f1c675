/**
 * @file Direct preference optimisation: the chosen answer becomes more probable against the reference than the rejected one.
 * Source: Rafailov et al., arXiv:2305.18290; TRL's DPOTrainer.
 */
import { z } from 'zod'
import { defineMethod, writtenAs } from './method-card.ts'
import { preferenceSettings, reference, sharedSettings } from './settings.ts'

export const dpoCard = defineMethod({
  name: 'dpo',
  title: 'Direct preference optimisation (DPO)',
  summary: 'Learns pairs: the chosen answer becomes more probable, against a reference, than the rejected one.',
  source: 'Rafailov et al., arXiv:2305.18290',
  schema: z.strictObject({
    name: z.literal('dpo'),
    ...sharedSettings,
    ...preferenceSettings,
    beta: z.number().positive().default(0.1).describe('How firmly the policy is held to the reference.'),
    reference,
    lossType: z.enum(['sigmoid', 'ipo', 'hinge', 'robust']).default('sigmoid').describe('The loss of a pair; TRL’s names.'),
    labelSmoothing: z.number().min(0).lt(0.5).default(0).describe('Share of pairs that are taken to be the wrong way round.'),
  }),
  form: 'pairs',
  trainers: ['trl'],
  needsReference: () => true,
})

/** Direct preference optimisation on pairs. */
export const dpo = writtenAs(dpoCard)
