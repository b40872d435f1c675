/**
 * @file GRPO on the embedded engine: sample groups, reward them, one on-policy update. The sampler's log-probabilities are the old ones, and groups
 * without variance are left out of the pass because their advantages are zero.
 */
import { groupAdvantages, grpo, GRPO_DEFAULTS, hasNoVariance, type RewardScale } from '../../method/grpo.ts'
import type { Rollout } from '../training-event.ts'
import { BatchOrder } from '../batch-order.ts'
import { completedSequence, type MethodContext, type MethodStep, type TrainingMethod } from './method.ts'
import { meanLength, meanReward, RolloutSampler, type Sample, type SamplingSettings } from './rollout-sampler.ts'

export interface GrpoMethodSettings extends SamplingSettings {
  readonly promptsPerStep: number
  readonly klWeight: number
  readonly scaleRewards: RewardScale
  readonly reference?: 'parent' | 'base' | undefined
  readonly clipLow?: number | undefined
  readonly clipHigh?: number | undefined
}

/** Learns from rewards of the spec's prompts. */
export function createGrpoMethod(context: MethodContext, settings: GrpoMethodSettings): TrainingMethod {
  const prompts = context.spec.examples.filter((example) => example.type === 'prompt')
  const order = new BatchOrder({ count: prompts.length, batchSize: settings.promptsPerStep, seed: context.spec.seeds.order, label: 'grpo' })
  const sampler = new RolloutSampler(context, settings)
  return {
    step: async (step) => {
      const groups = await sampler.draw(
        order.batch(step).flatMap((index) => prompts[index] ?? []),
        step,
      )
      const update = await learnGroups(context, settings, groups)
      const samples = groups.flat()
      return {
        ...update,
        meanReward: meanReward(samples),
        meanLength: meanLength(samples),
        rollouts: toRollouts(groups, step, settings.scaleRewards),
      }
    },
  }
}

async function learnGroups(
  context: MethodContext,
  settings: GrpoMethodSettings,
  groups: readonly Sample[][],
): Promise<Pick<MethodStep, 'updated' | 'loss' | 'trainedTokens' | 'zeroVarianceShare' | 'cases'>> {
  const rewardsOf = (group: readonly Sample[]): (number | null)[] => group.map((sample) => sample.reward)
  const needsAll = settings.klWeight > 0
  const used = groups.filter((group) => needsAll || !hasNoVariance(rewardsOf(group)))
  const silent = groups.filter((group) => hasNoVariance(rewardsOf(group))).length
  const zeroVarianceShare = silent / Math.max(1, groups.length)
  if (used.length === 0) return { updated: false, loss: 0, trainedTokens: 0, zeroVarianceShare, cases: [] }
  const samples = used.flat()
  const sequences = samples.map((sample) => completedSequence(sample.prompt, sample.ids))
  const temperature = settings.temperature
  const reference = needsAll
    ? (
        await context.engine.score({
          weights: settings.reference === 'base' ? null : context.parent,
          sequences,
          outputs: ['logProb'],
          temperature,
        })
      ).logProb
    : undefined
  const logProbs = samples.map((sample) => sample.sampledLogProbs)
  const result = grpo(
    {
      logProbs,
      oldLogProbs: logProbs,
      ...(reference === undefined ? {} : { referenceLogProbs: reference }),
      advantages: used.flatMap((group) => [...groupAdvantages(rewardsOf(group), settings.scaleRewards)]),
      tokenCount: groups.flat().reduce((sum, sample) => sum + sample.ids.length, 0),
    },
    {
      klWeight: settings.klWeight,
      clipLow: settings.clipLow ?? GRPO_DEFAULTS.clipLow,
      clipHigh: settings.clipHigh ?? GRPO_DEFAULTS.clipHigh,
    },
  )
  await context.engine.backward({ weights: context.weights, sequences, gradients: { logProb: result.gradients }, temperature })
  const trainedTokens = samples.reduce((sum, sample) => sum + sample.ids.length, 0)
  return { updated: true, loss: result.loss, trainedTokens, zeroVarianceShare, cases: samples }
}

function toRollouts(groups: readonly Sample[][], step: number, scale: RewardScale): Rollout[] {
  return groups.flatMap((group) => {
    const rewards = group.map((sample) => sample.reward)
    const advantages = groupAdvantages(rewards, scale)
    const used = !hasNoVariance(rewards)
    return group.map((sample, index) => ({
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
  })
}
