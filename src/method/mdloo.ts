/**
 * @file Mirror descent with leave-one-out estimation: RLOO's advantages, and instead of a clip the KL to the policy that sampled.
 * Source: Gunter et al., arXiv:2407.21075, section 4.3.
 */
import { z } from 'zod'
import { defineMethod, writtenAs } from './method-card.ts'
import { klWeight, reference, rolloutSettings, sharedSettings } from './settings.ts'

export const mdlooCard = defineMethod({
  name: 'mdloo',
  title: 'Mirror descent leave-one-out (MDLOO)',
  summary: 'Learns from rewards with RLOO’s advantages, held to the policy that drew the batch instead of clipped.',
  source: 'Gunter et al., arXiv:2407.21075, section 4.3',
  schema: z.strictObject({
    name: z.literal('mdloo'),
    ...sharedSettings,
    ...rolloutSettings,
    klWeight: klWeight.default(0.05),
    reference,
    proximalWeight: z.number().positive().default(0.1).describe('Weight of the KL to the policy that sampled the batch.'),
    updatesPerBatch: z
      .int()
      .min(2, 'with one update per batch the proximal term is zero and MDLOO is RLOO: at least 2')
      .default(2)
      .describe('Optimizer steps on each batch of completions.'),
  }),
  form: 'rollouts',
  trainers: ['trl'],
  needsReference: ({ klWeight: weight }) => weight > 0,
  // The KL is part of the reward: where it matters, advantages differ.
  usesEqualRewards: () => false,
})

/** Mirror descent with leave-one-out estimation. */
export const mdloo = writtenAs(mdlooCard)
