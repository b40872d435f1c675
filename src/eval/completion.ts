/**
 * @file What a model gave for a prompt. Everything in it is untrusted text.
 */

/** One turn of a chat. */
export interface Message {
  readonly role: 'system' | 'user' | 'assistant'
  readonly content: string
}

/** Why a completion ended: a stop token, the length limit, or a failure of the model itself. */
export type FinishReason = 'stop' | 'length' | 'error'

/** One completion. `logProbs` are nats per token id where the backend gives them. */
export interface Completion {
  readonly text: string
  readonly tokenIds: readonly number[]
  readonly logProbs: readonly number[] | null
  readonly finishReason: FinishReason
}

/** How completions are drawn. Temperature 0 is greedy; topK 0 and topP 1 mean no truncation. */
export interface Sampling {
  readonly temperature: number
  readonly topK: number
  readonly topP: number
  readonly maxNewTokens: number
}
