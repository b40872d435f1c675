/**
 * @file Steps on rollouts: sample groups, reward them, one on-policy update. The sampler's log-probabilities are the old ones, and groups
 * without variance are left out of the pass where the method learns nothing from them.
 */
import type { WeightsId } from '../../engine/engine.ts'
import type { RolloutSettings } from '../../method/data-form.ts'
import type { LossGradient } from '../../method/gradient.ts'
import type { RolloutBatch } from '../../method/method-card.ts'
import { hasNoVariance } from '../../method/reward-variance.ts'
import { BatchOrder } from '../batch-order.ts'
import type { Rollout } from '../training-event.ts'
import { meanLength, meanReward, RolloutSampler, type Sample } from './rollout-sampler.ts'
import { completedSequence, type Stepper, type StepperContext, type TakenStep } from './stepper.ts'

/** What the method says of rewards and completions. `reference` is null where it needs none. */
export interface RolloutLearning {
  readonly advantages: (rewards: readonly (number | null)[]) => Float32Array
  readonly gradient: (batch: RolloutBatch) => LossGradient
  /** Whether groups of equal rewards take part too. */
  readonly usesEqualRewards: boolean
  readonly reference: { readonly weights: WeightsId | null } | null
}

/** Learns from rewards of the spec's prompts. */
export function createRolloutsStepper(context: StepperContext, settings: RolloutSettings, learning: RolloutLearning): Stepper {
  const prompts = context.spec.examples.filter((example) => example.type === 'prompt')
  const { name: label, promptsPerStep: batchSize, temperature } = settings
  const order = new BatchOrder({ count: prompts.length, batchSize, seed: context.spec.seeds.order, label })
  const sampler = new RolloutSampler(context, settings)
  return {
    step: async (step) => {
      const drawn = await sampler.draw(
        order.batch(step).flatMap((index) => prompts[index] ?? []),
        step,
      )
      const groups = drawn.map((samples) => valued(samples, learning))
      const update = await learnGroups(context, { ...learning, temperature }, groups)
      const samples = drawn.flat()
      return {
        ...update,
        meanReward: meanReward(samples),
        meanLength: meanLength(samples),
        rollouts: groups.flatMap((group) => toRollouts(group, step)),
      }
    },
  }
}

/** The completions of one prompt with what the method makes of their rewards. */
interface Group {
  readonly samples: readonly Sample[]
  readonly advantages: Float32Array
  readonly hasNoVariance: boolean
  /** Whether it takes part in the update. */
  readonly isUsed: boolean
}

function valued(samples: readonly Sample[], { advantages, usesEqualRewards }: RolloutLearning): Group {
  const rewards = samples.map((sample) => sample.reward)
  const isSilent = hasNoVariance(rewards)
  return { samples, advantages: advantages(rewards), hasNoVariance: isSilent, isUsed: usesEqualRewards || !isSilent }
}

async function learnGroups(
  { engine, weights }: StepperContext,
  { gradient, reference, temperature }: RolloutLearning & { readonly temperature: number },
  groups: readonly Group[],
): Promise<Pick<TakenStep, 'updated' | 'loss' | 'trainedTokens' | 'zeroVarianceShare' | 'cases'>> {
  const used = groups.filter(({ isUsed }) => isUsed)
  const zeroVarianceShare = groups.filter((group) => group.hasNoVariance).length / Math.max(1, groups.length)
  if (used.length === 0) return { updated: false, loss: 0, trainedTokens: 0, zeroVarianceShare, cases: [] }
  const samples = used.flatMap((group) => group.samples)
  const sequences = samples.map((sample) => completedSequence(sample.prompt, sample.ids))
  const scored =
    reference === null ? null : await engine.score({ weights: reference.weights, sequences, outputs: ['logProb'], temperature })
  const logProbs = samples.map((sample) => sample.sampledLogProbs)
  const { loss, gradients } = gradient({
    logProbs,
    oldLogProbs: logProbs,
    ...(scored?.logProb === undefined ? {} : { referenceLogProbs: scored.logProb }),
    advantages: used.flatMap((group) => [...group.advantages]),
    tokenCount: tokensOf(groups.flatMap((group) => group.samples)),
  })
  await engine.backward({ weights, sequences, gradients: { logProb: gradients }, temperature })
  return { updated: true, loss, trainedTokens: tokensOf(samples), zeroVarianceShare, cases: samples }
}

function tokensOf(samples: readonly Sample[]): number {
  return samples.reduce((sum, sample) => sum + sample.ids.length, 0)
}

function toRollouts({ samples, advantages, isUsed: used }: Group, step: number): Rollout[] {
  return samples.map((sample, index) => ({
    step,
    eval: sample.eval,
    caseId: sample.caseId,
    sample: sample.sample,
    seed: sample.seed,
    text: sample.text,
    tokenIds: [...sample.ids],
    reward: sample.reward,
    advantage: advantages[index] ?? 0,
    used,
  }))
}
