/**
 * @file Supervised fine-tuning: the negative log-likelihood of demonstrations.
 */
import { z } from 'zod'
import { negativeLogLikelihood } from './likelihood.ts'
import { defineMethod, writtenAs } from './method-card.ts'
import { batchSize, sharedSettings } from './settings.ts'

export const sftCard = defineMethod({
  name: 'sft',
  title: 'Supervised fine-tuning',
  summary: 'Learns demonstrations (also called instruction fine-tuning).',
  source: 'the mean negative log-likelihood of completion tokens, as TRL’s SFTTrainer',
  schema: z.strictObject({
    name: z.literal('sft'),
    ...sharedSettings,
    batchSize,
    demonstration: z.string().default('in-format').describe('Which of an eval’s `demonstrations` is shown.'),
  }),
  form: 'demonstrations',
  trainers: ['embedded', 'trl'],
  needsReference: () => false,
  gradient: negativeLogLikelihood,
})

/** Supervised fine-tuning on demonstrations (also called instruction fine-tuning). */
export const sft = writtenAs(sftCard)
