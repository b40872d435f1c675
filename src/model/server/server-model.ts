/**
 * @file A model behind a server as a Model: messages become token ids here, by the same tokenizer as in training, and ids become text here.
 * It owns neither the server nor the adapter: whoever loaded them closes them.
 */
import type { Completion, Sampling } from '../../eval/completion.ts'
import type { Tokenizer } from '../../engine/tokenizer/tokenizer.ts'
import type { GenerateProgress, Model, ModelIdentity, ModelPrompt } from '../model.ts'
import { hashIds } from '../rendered-hash.ts'
import { createPromptRenderer } from '../rendered-prompts.ts'
import { toCompletion } from '../to-completion.ts'
import type { CompletionsClient } from './completions-client.ts'
import { DRAW } from './draw-tokens.ts'
import type { ServerKind } from './draw-tokens.ts'

export interface ServerModelParts {
  readonly client: Pick<CompletionsClient, 'complete'>
  readonly tokenizer: Tokenizer
  /** Name that the weights are served under. */
  readonly name: string
  readonly identity: ModelIdentity
  readonly kind: ServerKind
  /** Token ids that end a completion. */
  readonly stopIds: readonly number[]
}

/**
 * A model over a served name. On Holdfast's own server a completion depends on its seed and the make-up of the call. On vLLM it may also depend on what
 * else is computed at the time, and log-probabilities are null at temperatures other than 0 and 1.
 * @throws ServerUnreachableError, ServerRefusedError, ServerAnswerInvalidError, ChatTemplateError (from its methods)
 */
export function createServerModel({ client, tokenizer, name, identity, kind, stopIds }: ServerModelParts): Model {
  const render = createPromptRenderer(tokenizer)
  const stops = new Set(stopIds)
  return {
    identity,
    renderedHash: (messages, tools) => hashIds(render(messages, tools)),
    async generate(given: readonly ModelPrompt[], sampling: Sampling, onProgress?: (progress: GenerateProgress) => void) {
      const prompts = given.map(({ messages, seeds, tools }) => ({ ids: [...render(messages, tools)], seeds }))
      const groups = await DRAW[kind]({ client, name, stopIds, prompts, sampling, onProgress })
      return groups.map((group, index) =>
        group.map((tokens) =>
          tokens === null ? tooLong(prompts[index]?.ids.length ?? 0, sampling) : toCompletion(tokens, tokenizer, stops),
        ),
      )
    },
    close: () => Promise.resolve(),
  }
}

function tooLong(tokenCount: number, { maxNewTokens }: Sampling): Completion {
  const message = `the server has no room for a prompt of ${tokenCount} tokens and an answer of ${maxNewTokens}`
  return { text: '', tokenIds: [], logProbs: null, finishReason: 'error', whyFailed: { code: 'PROMPT_TOO_LONG', message } }
}
