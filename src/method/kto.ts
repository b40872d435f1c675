/**
 * @file KTO: single answers that people liked or did not, without pairs.
 * Source: Ethayarajh et al., arXiv:2402.01306; TRL's KTOTrainer.
 */
import { z } from 'zod'
import { defineMethod, writtenAs } from './method-card.ts'
import { preferenceSettings, reference, sharedSettings } from './settings.ts'

export const ktoCard = defineMethod({
  name: 'kto',
  title: 'Kahneman-Tversky optimisation (KTO)',
  summary: 'Learns single answers that people liked or did not, without pairs.',
  source: 'Ethayarajh et al., arXiv:2402.01306',
  schema: z.strictObject({
    name: z.literal('kto'),
    ...sharedSettings,
    ...preferenceSettings,
    batchSize: z
      .int()
      .min(2, 'KTO compares completions within a batch: at least 2')
      .describe('Answers of one step; they are compared with each other.'),
    beta: z.number().positive().default(0.1).describe('How firmly the policy is held to the reference.'),
    reference,
    desirableWeight: z.number().positive().default(1).describe('Weight of answers that were liked.'),
    undesirableWeight: z.number().positive().default(1).describe('Weight of answers that were not.'),
  }),
  form: 'thumbs',
  trainers: ['trl'],
  needsReference: () => true,
})

/** Kahneman-Tversky optimisation on thumbs. */
export const kto = writtenAs(ktoCard)
