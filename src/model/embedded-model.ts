/**
 * @file The embedded engine as a Model: messages to token ids and back. It owns neither engine nor weights: several models share one engine.
 */
import type { Completion, Sampling } from '../eval/completion.ts'
import type { Engine, ModelDescription, WeightsId } from '../engine/engine.ts'
import type { Tokenizer } from '../engine/tokenizer/tokenizer.ts'
import type { GenerateProgress, Model, ModelIdentity, ModelPrompt } from './model.ts'
import { hashIds } from './rendered-hash.ts'
import { createPromptRenderer } from './rendered-prompts.ts'
import { toCompletion } from './to-completion.ts'

/** What an embedded model is made of. `weights` null is the base itself. */
export interface EmbeddedModelParts {
  readonly engine: Pick<Engine, 'generate' | 'model'>
  readonly tokenizer: Tokenizer
  readonly weights: WeightsId | null
  readonly identity: ModelIdentity
}

/**
 * A model over an open engine. A prompt that leaves no room for its answer gets none and says so; the others get theirs. Closing it leaves the engine and the weights alone: whoever opened them closes them.
 * @throws ChatTemplateError (from its methods) for messages that the model's chat template refuses
 */
export function createEmbeddedModel(parts: EmbeddedModelParts): Model {
  const { engine, tokenizer, weights, identity } = parts
  const render = createPromptRenderer(tokenizer)
  const stopIds = new Set(engine.model.stopIds)
  return {
    identity,
    renderedHash: (messages, tools) => hashIds(render(messages, tools)),
    async generate(prompts: readonly ModelPrompt[], sampling: Sampling, onProgress?: (progress: GenerateProgress) => void) {
      const rendered = prompts.map(({ messages, seeds, tools }) => ({ ids: render(messages, tools), seeds }))
      const isAsked = rendered.map(({ ids }) => fits(ids.length, sampling, engine.model))
      const asked = rendered.filter((_, index) => isAsked[index])
      const left = rendered.reduce((sum, { seeds }, index) => sum + (isAsked[index] === true ? 0 : seeds.length), 0)
      const tell = ({ done, total, tokens }: GenerateProgress): void => onProgress?.({ done: done + left, total: total + left, tokens })
      if (asked.length === 0 && left > 0) tell({ done: 0, total: 0, tokens: 0 })
      const generated = (asked.length === 0 ? [] : await engine.generate({ weights, prompts: asked, sampling }, tell)).values()
      return rendered.map(({ ids, seeds }, index) =>
        isAsked[index] === true
          ? (generated.next().value ?? []).map((tokens) => toCompletion(tokens, tokenizer, stopIds))
          : seeds.map(() => tooLong(ids.length, sampling, engine.model)),
      )
    },
    close: () => Promise.resolve(),
  }
}

/** A limit that no prompt at all could fit beside is a wrong setting: the engine says so. */
function fits(tokenCount: number, { maxNewTokens }: Sampling, { maxPositions }: Pick<ModelDescription, 'maxPositions'>): boolean {
  return tokenCount + maxNewTokens <= maxPositions || maxNewTokens >= maxPositions
}

function tooLong(tokenCount: number, { maxNewTokens }: Sampling, { maxPositions }: Pick<ModelDescription, 'maxPositions'>): Completion {
  const message = `the prompt has ${tokenCount} tokens and may be answered with ${maxNewTokens}, the model has ${maxPositions} positions`
  return { text: '', tokenIds: [], logProbs: null, finishReason: 'error', whyFailed: { code: 'PROMPT_TOO_LONG', message } }
}
