/**
 * @file Draws completions for training prompts and has the suite's graders reward them. Seeds are named by step, case and sample, so any
 * rollout can be drawn again alone.
 */
import { deriveSeed } from '../../base/seeded-random.ts'
import type { GeneratedTokens, GenerationPrompt } from '../../engine/engine.ts'
import type { Completion } from '../../eval/completion.ts'
import { RewardErrorsError } from '../errors.ts'
import { isOverErrorBudget } from '../reward-error-budget.ts'
import { evalLimits, type TrainingSpec } from '../training-spec.ts'
import type { CaseName, StepperContext } from './stepper.ts'

type PromptExample = Extract<TrainingSpec['examples'][number], { type: 'prompt' }>

/** One drawn completion. `sampledLogProbs` are those of the policy that drew it, at the sampling temperature. */
export interface Sample {
  /** '' is the round's own. */
  readonly eval: string
  readonly caseId: string
  readonly sample: number
  readonly seed: number
  readonly prompt: Int32Array
  readonly ids: Int32Array
  readonly sampledLogProbs: Float32Array
  readonly text: string
  readonly reward: number | null
}

export interface SamplingSettings {
  readonly samplesPerPrompt: number
  readonly temperature: number
}

/** Samples and rewards groups of completions, and stops the training when too many could not be graded. */
export class RolloutSampler {
  readonly #context: StepperContext
  readonly #settings: SamplingSettings
  #graded = 0
  #failed = 0

  constructor(context: StepperContext, settings: SamplingSettings) {
    this.#context = context
    this.#settings = settings
  }

  /** For each prompt one group of samples. @throws RewardErrorsError when over a tenth of all rewards so far are missing */
  async draw(examples: readonly PromptExample[], step: number): Promise<Sample[][]> {
    const { tokenizer, spec } = this.#context
    const prompts = examples.map((example) => ({
      ids: tokenizer.renderChat(example.messages, { addGenerationPrompt: true, tools: example.tools }).ids,
      seeds: Array.from({ length: this.#settings.samplesPerPrompt }, (_, k) => rolloutSeed(spec, { step, example, sample: k })),
    }))
    const groups = await this.#generate(examples, prompts, step)
    const drawn = groups.map((group, p) =>
      group.map((generated, k) =>
        this.#describe(examples[p] as PromptExample, generated, { k, prompt: prompts[p]?.ids ?? new Int32Array() }),
      ),
    )
    return this.#reward(drawn, step)
  }

  /** Each prompt's completions may be as long as its own eval says: prompts of one limit are drawn together. */
  async #generate(
    examples: readonly PromptExample[],
    prompts: readonly GenerationPrompt[],
    step: number,
  ): Promise<readonly GeneratedTokens[][]> {
    const { engine, spec, weights, services } = this.#context
    const limits = examples.map((example) => evalLimits(spec, example.eval).maxNewTokens)
    const groups: GeneratedTokens[][] = []
    for (const maxNewTokens of new Set(limits)) {
      const indices = limits.flatMap((limit, index) => (limit === maxNewTokens ? [index] : []))
      const sampling = { temperature: this.#settings.temperature, topK: 0, topP: 1, maxNewTokens }
      const drawn = await engine.generate(
        { weights, prompts: indices.map((index) => prompts[index] as GenerationPrompt), sampling },
        (progress) => services.onProgress?.({ phase: 'sampling', step, steps: spec.method.steps, tokens: progress.tokens }),
      )
      for (const [offset, index] of indices.entries()) groups[index] = [...(drawn[offset] ?? [])]
    }
    return groups
  }

  #describe(example: PromptExample, generated: GeneratedTokens, at: { k: number; prompt: Int32Array }): Drawn {
    const text = this.#context.tokenizer.decode(generated.ids)
    return { caseId: example.caseId, eval: example.eval, sample: at.k, prompt: at.prompt, generated, text }
  }

  async #reward(groups: readonly Drawn[][], step: number): Promise<Sample[][]> {
    const requests = groups.flat().map((drawn) => ({ caseId: drawn.caseId, eval: drawn.eval, completion: toCompletion(drawn) }))
    const rewards = await this.#context.services.grade(requests)
    this.#graded += rewards.length
    this.#failed += rewards.filter((reward) => reward === null).length
    if (isOverErrorBudget(this.#failed, this.#graded)) {
      throw new RewardErrorsError({
        failed: this.#failed,
        graded: this.#graded,
        round: this.#context.spec.round,
        arm: this.#context.spec.arm,
      })
    }
    let next = 0
    return groups.map((group) =>
      group.map((drawn) => ({
        eval: drawn.eval,
        caseId: drawn.caseId,
        sample: drawn.sample,
        seed: rolloutSeed(this.#context.spec, { step, example: drawn, sample: drawn.sample }),
        prompt: drawn.prompt,
        ids: drawn.generated.ids,
        sampledLogProbs: drawn.generated.logProbs,
        text: drawn.text,
        reward: rewards[next++] ?? null,
      })),
    )
  }
}

/** Of its own for every step, case and sample. */
function rolloutSeed(spec: TrainingSpec, { step, example, sample }: { step: number; example: CaseName; sample: number }): number {
  return deriveSeed(spec.seeds.sampling, step, example.eval, example.caseId, sample)
}

interface Drawn {
  readonly caseId: string
  readonly eval: string
  readonly sample: number
  readonly prompt: Int32Array
  readonly generated: GeneratedTokens
  readonly text: string
}

function toCompletion(drawn: Drawn): Completion {
  return {
    text: drawn.text,
    tokenIds: [...drawn.generated.ids],
    logProbs: [...drawn.generated.logProbs],
    finishReason: drawn.generated.finish,
  }
}

/** Mean of the rewards that could be given; null when none could. */
export function meanReward(samples: readonly Sample[]): number | null {
  const rewards = samples.flatMap((sample) => (sample.reward === null ? [] : [sample.reward]))
  return rewards.length === 0 ? null : rewards.reduce((sum, reward) => sum + reward, 0) / rewards.length
}

/** Mean completion length in tokens. */
export function meanLength(samples: readonly Sample[]): number {
  return samples.reduce((sum, sample) => sum + sample.ids.length, 0) / Math.max(1, samples.length)
}
