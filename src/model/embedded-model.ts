/**
 * @file The embedded engine as a Model: messages to token ids and back. It owns neither engine nor weights: several models share one engine.
 */
import type { Message, Sampling, Tool } from '../eval/completion.ts'
import type { Engine, WeightsId } from '../engine/engine.ts'
import type { Tokenizer } from '../engine/tokenizer/tokenizer.ts'
import type { GenerateProgress, Model, ModelIdentity, ModelPrompt } from './model.ts'
import { hashIds } from './rendered-hash.ts'
import { toCompletion } from './to-completion.ts'

/** What an embedded model is made of. `weights` null is the base itself. */
export interface EmbeddedModelParts {
  readonly engine: Pick<Engine, 'generate' | 'model'>
  readonly tokenizer: Tokenizer
  readonly weights: WeightsId | null
  readonly identity: ModelIdentity
}

/**
 * A model over an open engine. Closing it leaves the engine and the weights alone: whoever opened them closes them.
 * @throws ChatTemplateError (from its methods) for messages that the model's chat template refuses
 */
export function createEmbeddedModel(parts: EmbeddedModelParts): Model {
  const { engine, tokenizer, weights, identity } = parts
  const render = (messages: readonly Message[], tools?: readonly Tool[]): Int32Array =>
    tokenizer.renderChat(messages, { addGenerationPrompt: true, tools }).ids
  const stopIds = new Set(engine.model.stopIds)
  return {
    identity,
    renderedHash: (messages, tools) => hashIds(render(messages, tools)),
    async generate(prompts: readonly ModelPrompt[], sampling: Sampling, onProgress?: (progress: GenerateProgress) => void) {
      if (prompts.length === 0) return []
      const request = { weights, prompts: prompts.map(({ messages, seeds, tools }) => ({ ids: render(messages, tools), seeds })), sampling }
      const generated = await engine.generate(request, onProgress)
      return generated.map((group) => group.map((tokens) => toCompletion(tokens, tokenizer, stopIds)))
    },
    close: () => Promise.resolve(),
  }
}
