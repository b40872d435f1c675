/**
 * @file RAFT: the model's own passing samples, drawn anew each epoch, become demonstrations: on-policy data without reinforcement.
 * Departure from the paper: it keeps the best of K by a reward model; graders here are verifiable, so a sample is kept when it passes, and one prompt
 * gives at most two different samples so that easy prompts do not drown the others.
 * Source: Dong et al., arXiv:2304.06767, algorithm 1.
 */
import { z } from 'zod'
import type { SeededRandom } from '../base/seeded-random.ts'
import { negativeLogLikelihood } from './likelihood.ts'
import { defineMethod, writtenAs, type GradedSample } from './method-card.ts'
import { batchSize, drawingSettings, sharedSettings } from './settings.ts'

const KEPT_PER_PROMPT = 2

export const raftCard = defineMethod({
  name: 'raft',
  title: 'Rejection sampling (RAFT)',
  summary: 'Learns the model’s own passing samples, drawn anew each epoch.',
  source: 'Dong et al., arXiv:2304.06767',
  schema: z.strictObject({
    name: z.literal('raft'),
    ...sharedSettings,
    ...drawingSettings,
    batchSize,
    epochs: z.int().min(1).describe('How often samples are drawn; the steps are split evenly between them.'),
    promptsPerEpoch: z.int().min(1).describe('Prompts that an epoch draws samples of.'),
    samplesPerPrompt: z.int().min(1).describe('Completions drawn of each prompt; at most two different ones that pass are kept.'),
  }),
  form: 'kept samples',
  trainers: ['embedded', 'trl'],
  needsReference: () => false,
  keep: (groups, random) => selectPassing(groups, KEPT_PER_PROMPT, random),
  gradient: negativeLogLikelihood,
})

/** Rejection sampling: learns the model's own passing samples. */
export const raft = writtenAs(raftCard)

/**
 * For each prompt, the indices of the samples to learn from, in random order; samples that could not be graded are never kept.
 * @param perPrompt most samples kept of one prompt
 */
export function selectPassing(groups: readonly (readonly GradedSample[])[], perPrompt: number, random: SeededRandom): number[][] {
  return groups.map((samples) => {
    const seen = new Set<string>()
    const passing: number[] = []
    for (const [index, sample] of samples.entries()) {
      if (sample.reward === null || sample.reward < sample.passThreshold || seen.has(sample.key)) continue
      seen.add(sample.key)
      passing.push(index)
    }
    return random.shuffle(passing).slice(0, perPrompt)
  })
}
