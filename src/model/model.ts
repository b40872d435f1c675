/**
 * @file Model: anything that generates. Backends live beside this file; one contract suite runs against all of them.
 */
import type { JsonValue } from '../base/json.ts'
import type { Completion, Message, Sampling, TokenUsage, Tool } from '../eval/completion.ts'
import type { ModelIdentity } from '../identity/identify-model.ts'

export type { ModelIdentity } from '../identity/identify-model.ts'

/** One prompt and the row seeds of the completions to draw from it. */
export interface ModelPrompt {
  readonly messages: readonly Message[]
  readonly seeds: readonly number[]
  /** Tools that the model may call; none when left out. */
  readonly tools?: readonly Tool[] | undefined
  /** The answer must be JSON of this schema, where the backend can hold a model to one. */
  readonly jsonSchema?: JsonValue | undefined
}

/** A completion that is there before the rest of its call: that of the seed at `seedIndex` of the prompt at `prompt`. */
export interface ArrivedCompletion {
  readonly prompt: number
  readonly seedIndex: number
  readonly completion: Completion
}

export interface GenerateProgress {
  readonly done: number
  readonly total: number
  readonly tokens: number
  /** What arrived since the last report, so that it can be kept before the call ends. Left out by models that give whole calls only. */
  readonly arrived?: readonly ArrivedCompletion[] | undefined
}

/** Generates completions. Deterministic for fixed prompts, seeds and call make-up on the embedded engine. */
export interface Model {
  readonly identity: ModelIdentity
  /** It answers elsewhere and takes several calls at once: it may be asked for more before it has answered all of a call. */
  readonly remote?: true
  /** The model behind a cache of completions: what measures chance asks this one. Left out where there is no cache. */
  readonly uncached?: Model | undefined
  /** Tokens that a server has counted for this model so far; what came out of the cache cost nothing. Left out where nothing is charged. */
  spent?(): TokenUsage
  /** Hash of the tokens (or text, where tokens are not known) that these messages become, in 16 hexadecimal characters: what the model really receives. */
  renderedHash(messages: readonly Message[], tools?: readonly Tool[]): string
  /**
   * For each prompt, for each of its seeds, one completion. A listener that throws ends the call of a model that is `remote`: nothing more is asked,
   * what is under way is waited for and reported.
   */
  generate(
    prompts: readonly ModelPrompt[],
    sampling: Sampling,
    onProgress?: (progress: GenerateProgress) => void,
  ): Promise<readonly (readonly Completion[])[]>
  close(): Promise<void>
}
