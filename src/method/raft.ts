/**
 * @file RAFT: the model's own passing samples, drawn anew each epoch, become demonstrations: on-policy data without reinforcement.
 * This file only chooses; the loss is `sft`. Departure from the paper: it keeps the best of K by a reward model; graders here are verifiable,
 * so a sample is kept when it passes, and one prompt gives at most `perPrompt` different samples so that easy prompts do not drown the others.
 * Source: Dong et al., arXiv:2304.06767, algorithm 1.
 */
import type { SeededRandom } from '../base/seeded-random.ts'

/** A graded sample of one prompt. `key` tells equal completions apart from different ones. */
export interface GradedSample {
  readonly key: string
  readonly reward: number | null
}

export interface RaftSelection {
  /** A sample passes at this reward or above. */
  readonly passThreshold: number
  /** Most samples kept of one prompt. */
  readonly perPrompt: number
}

/** For each prompt, the indices of the samples to learn from, in random order; samples that could not be graded are never kept. */
export function selectPassing(groups: readonly (readonly GradedSample[])[], selection: RaftSelection, random: SeededRandom): number[][] {
  return groups.map((samples) => {
    const seen = new Set<string>()
    const passing: number[] = []
    for (const [index, sample] of samples.entries()) {
      if (sample.reward === null || sample.reward < selection.passThreshold || seen.has(sample.key)) continue
      seen.add(sample.key)
      passing.push(index)
    }
    return random.shuffle(passing).slice(0, selection.perPrompt)
  })
}
