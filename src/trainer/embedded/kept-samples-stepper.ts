/**
 * @file Steps on kept samples: at the start of each epoch the model samples and the graders choose; the epoch's steps learn what the method keeps.
 * A training that is resumed inside an epoch takes the epoch's samples from the rollouts on disk, because the model that drew them is gone.
 */
import { seededRandom } from '../../base/seeded-random.ts'
import type { TokenSequence } from '../../engine/engine.ts'
import type { KeptSampleSettings } from '../../method/data-form.ts'
import type { KnownGradient } from '../../method/gradient.ts'
import type { KeepSamples } from '../../method/method-card.ts'
import { BatchOrder } from '../batch-order.ts'
import type { Rollout } from '../training-event.ts'
import { evalLimits } from '../training-spec.ts'
import { learnCompletions } from './demonstrations-stepper.ts'
import { meanLength, meanReward, RolloutSampler, type Sample } from './rollout-sampler.ts'
import { completedSequence, type CaseName, type Stepper, type StepperContext } from './stepper.ts'

/** Which samples the method keeps, and how it learns them. */
export interface KeptSampleLearning {
  readonly keep: KeepSamples
  readonly gradient: KnownGradient
}

/** Learns the model's own samples, drawn anew each epoch. */
export function createKeptSamplesStepper(context: StepperContext, settings: KeptSampleSettings, learning: KeptSampleLearning): Stepper {
  const stepsPerEpoch = Math.max(1, Math.ceil(settings.steps / settings.epochs))
  const source = createSource(context, settings, learning.keep)
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
        label: `${settings.name}-${epoch}`,
      })
      const batch = order.batch(step - firstStep + 1).map((index) => pool?.[index] as PooledSample)
      const sequences = batch.map((sample) => sample.sequence)
      const update = await learnCompletions(context, sequences, learning.gradient)
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

function createSource(context: StepperContext, settings: KeptSampleSettings, keep: KeepSamples): EpochSource {
  const prompts = context.spec.examples.filter((example) => example.type === 'prompt')
  const order = new BatchOrder({
    count: prompts.length,
    batchSize: settings.promptsPerEpoch,
    seed: context.spec.seeds.order,
    label: `${settings.name}-prompts`,
  })
  const sampler = new RolloutSampler(context, settings)
  return {
    draw: async (epoch, step) => {
      const chosen = [...new Set(order.batch(epoch + 1))].flatMap((index) => prompts[index] ?? [])
      const groups = await sampler.draw(chosen, step)
      const random = seededRandom(context.spec.seeds.order, `${settings.name}-choice`, epoch)
      const kept = keep(
        groups.map((group) =>
          group.map(({ eval: name, text, reward }) => ({ key: text, reward, passThreshold: evalLimits(context.spec, name).passThreshold })),
        ),
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
function toPool(context: StepperContext, rollouts: readonly Rollout[]): PooledSample[] {
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
