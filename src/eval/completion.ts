/**
 * @file What a model is asked and what it gave. Everything that a model wrote is untrusted text.
 */
import type { JsonValue } from '../base/json.ts'

/** A tool call in a message. `arguments` is the JSON text as the model wrote it: it may be no JSON at all. */
export interface ToolCall {
  /** The server's name for this call, which the tool's answer repeats; null where there is none. */
  readonly id: string | null
  readonly name: string
  readonly arguments: string
}

/** A tool that a model may call; `parameters` is a JSON schema. */
export interface Tool {
  readonly name: string
  readonly description?: string | undefined
  readonly parameters: JsonValue
}

/** One turn of a chat. Only an assistant's turn has tool calls; a tool's turn names the call that it answers. */
export interface Message {
  readonly role: 'system' | 'user' | 'assistant' | 'tool'
  readonly content: string
  readonly toolCalls?: readonly ToolCall[] | undefined
  readonly toolCallId?: string | undefined
}

/** Why a completion ended: a stop token, tool calls, the length limit, a server's content filter, or a failure of the model itself. */
export type FinishReason = 'stop' | 'tool-calls' | 'length' | 'content-filter' | 'error'

/** Tokens that a server counted (and charges for). */
export interface TokenUsage {
  readonly promptTokens: number
  readonly completionTokens: number
}

/** Why there is no completion: a code that grades carry, and what came instead, in words. */
export interface CompletionFailure {
  readonly code: 'COMPLETION_FAILED' | 'PROMPT_TOO_LONG'
  readonly message: string
}

/** One completion. `logProbs` are nats per token id where the backend gives them; `tokenIds` is empty where it gives none. */
export interface Completion {
  readonly text: string
  readonly tokenIds: readonly number[]
  readonly logProbs: readonly number[] | null
  readonly finishReason: FinishReason
  /** Calls that the server told apart from the text. Left out where there are none. */
  readonly toolCalls?: readonly ToolCall[] | undefined
  readonly usage?: TokenUsage | undefined
  /** Of a completion that ended with "error", where the model says why. */
  readonly whyFailed?: CompletionFailure | undefined
}

/** How completions are drawn. Temperature 0 is greedy; topK 0 and topP 1 mean no truncation. */
export interface Sampling {
  readonly temperature: number
  readonly topK: number
  readonly topP: number
  readonly maxNewTokens: number
}
