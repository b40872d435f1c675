/**
 * @file RAFT on the embedded engine: at the start of each epoch the model samples and the graders choose; the epoch's steps learn the passing samples.
 * A training that is resumed inside an epoch takes the epoch's samples from the rollouts on disk, because the model that drew them is gone.
 */
import { selectPassing } from '../../method/raft.ts'
import { seededRandom } from '../../base/seeded-random.ts'
import type { TokenSequence } from '../../engine/engine.ts'
import type { Rollout } from '../training-event.ts'
import { BatchOrder } from '../batch-order.ts'
import { completedSequence, type CaseName, type MethodContext, type TrainingMethod } from './method.ts'
import { meanLength, meanReward, RolloutSampler, type Sample, type SamplingSettings } from './rollout-sampler.ts'
import { learnDemonstrations } from './sft-method.ts'

export interface RaftMethodSettings extends SamplingSettings {
  readonly batchSize: number
  readonly epochs: number
  readonly promptsPerEpoch: number
}

const SAMPLES_KEPT_PER_PROMPT = 2

/** Learns the model's own passing samples, drawn anew each epoch. */
export function createRaftMethod(context: MethodContext, settings: RaftMethodSettings): TrainingMethod {
  const stepsPerEpoch = Math.max(1, Math.ceil(context.spec.method.steps / settings.epochs))
  const source = createSource(context, settings)
  let pool: readonly PooledSample[] | null = null
  return {
    step: async (step) => {
      const epoch = Math.floor((step - 1) / stepsPerEpoch)
      const firstStep = epoch * stepsPerEpoch + 1
      const drawn = step === firstStep ? await source.draw(epoch, step) : null
      if (drawn !== null) pool = drawn.pool
      pool ??= source.restore(firstStep)
      const order = new BatchOrder({
        count: pool.length,
        batchSize: settings.batchSize,
        seed: context.spec.seeds.order,
        label: `raft-${epoch}`,
      })
      const batch = order.batch(step - firstStep + 1).map((index) => pool?.[index] as PooledSample)
      const sequences = batch.map((sample) => sample.sequence)
      const update = await learnDemonstrations(context.engine, context.weights, sequences)
      return { ...update, ...describe(drawn?.samples ?? null), rollouts: drawn?.rollouts ?? [], cases: batch }
    },
  }
}

function describe(samples: readonly Sample[] | null): { meanReward: number | null; meanLength: number | null; zeroVarianceShare: null } {
  const some = samples !== null && samples.length > 0
  return { meanReward: some ? meanReward(samples) : null, meanLength: some ? meanLength(samples) : null, zeroVarianceShare: null }
}

/** A passing sample that an epoch learns from. */
interface PooledSample extends CaseName {
  readonly sequence: TokenSequence
}

interface EpochSource {
  draw(epoch: number, step: number): Promise<{ pool: PooledSample[]; samples: Sample[]; rollouts: Rollout[] }>
  restore(step: number): PooledSample[]
}

function createSource(context: MethodContext, settings: RaftMethodSettings): EpochSource {
  const prompts = context.spec.examples.filter((example) => example.type === 'prompt')
  const order = new BatchOrder({
    count: prompts.length,
    batchSize: settings.promptsPerEpoch,
    seed: context.spec.seeds.order,
    label: 'raft-prompts',
  })
  const sampler = new RolloutSampler(context, settings)
  return {
    draw: async (epoch, step) => {
      const chosen = [...new Set(order.batch(epoch + 1))].flatMap((index) => prompts[index] ?? [])
      const groups = await sampler.draw(chosen, step)
      const random = seededRandom(context.spec.seeds.order, 'raft-choice', epoch)
      const selection = { passThreshold: context.spec.passThreshold, perPrompt: SAMPLES_KEPT_PER_PROMPT }
      const kept = selectPassing(
        groups.map((group) => group.map((sample) => ({ key: sample.text, reward: sample.reward }))),
        selection,
        random,
      )
      const rollouts = groups.flatMap((group, index) =>
        group.map((sample) => toRollout(sample, step, kept[index]?.includes(sample.sample) ?? false)),
      )
      return { pool: toPool(context, rollouts), samples: groups.flat(), rollouts }
    },
    restore: (step) =>
      toPool(
        context,
        context.earlierRollouts.filter((rollout) => rollout.step === step),
      ),
  }
}

/** The epoch's demonstrations from its rollouts: the same for rollouts just drawn and for those read from disk. */
function toPool(context: MethodContext, rollouts: readonly Rollout[]): PooledSample[] {
  const examples = new Map(context.spec.examples.map((example) => [nameOf(example), example]))
  return rollouts.flatMap((rollout) => {
    const example = examples.get(nameOf(rollout))
    if (!rollout.used || example === undefined) return []
    const prompt = context.tokenizer.renderChat(example.messages, { addGenerationPrompt: true, tools: example.tools }).ids
    return [{ eval: rollout.eval, caseId: rollout.caseId, sequence: completedSequence(prompt, rollout.tokenIds) }]
  })
}

function nameOf(one: CaseName): string {
  return JSON.stringify([one.eval, one.caseId])
}

function toRollout(sample: Sample, step: number, used: boolean): Rollout {
  const { caseId, seed, text, reward } = sample
  return { step, eval: sample.eval, caseId, sample: sample.sample, seed, text, tokenIds: [...sample.ids], reward, advantage: null, used }
}
