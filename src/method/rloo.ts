/**
 * @file REINFORCE with a leave-one-out baseline; the KL to the reference is part of the reward.
 * Source: Ahmadian et al., arXiv:2402.14740; TRL's RLOOTrainer.
 */
import { z } from 'zod'
import { defineMethod, writtenAs } from './method-card.ts'
import { clipHigh, clipLow, klWeight, reference, rolloutSettings, sharedSettings, updatesPerBatch } from './settings.ts'

export const rlooCard = defineMethod({
  name: 'rloo',
  title: 'REINFORCE leave-one-out (RLOO)',
  summary: 'Learns from rewards: each completion is measured against the mean of the others of its group.',
  source: 'Ahmadian et al., arXiv:2402.14740',
  schema: z.strictObject({
    name: z.literal('rloo'),
    ...sharedSettings,
    ...rolloutSettings,
    klWeight: klWeight.default(0.05),
    reference,
    clipLow: clipLow.default(0.2),
    clipHigh: clipHigh.default(0.2),
    updatesPerBatch: updatesPerBatch.default(1),
  }),
  form: 'rollouts',
  trainers: ['trl'],
  needsReference: ({ klWeight: weight }) => weight > 0,
  // The KL is part of the reward: where it matters, advantages differ.
  usesEqualRewards: () => false,
})

/** REINFORCE with a leave-one-out baseline. */
export const rloo = writtenAs(rlooCard)
