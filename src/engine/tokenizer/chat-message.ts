/**
 * @file What a chat template is given: messages and tools.
 */

/** One turn of a conversation. `arguments` of a tool call is JSON text as a model wrote it. */
export interface ChatMessage {
  readonly role: 'system' | 'user' | 'assistant' | 'tool'
  readonly content: string
  readonly toolCalls?: readonly { readonly id: string | null; readonly name: string; readonly arguments: string }[] | undefined
  readonly toolCallId?: string | undefined
}

/** A tool as templates describe it; `parameters` is a JSON schema. */
export interface ChatTool {
  readonly name: string
  readonly description?: string | undefined
  readonly parameters: unknown
}
