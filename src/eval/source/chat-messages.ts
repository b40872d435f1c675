/**
 * @file Conversations as chat data sets and logs write them: OpenAI's messages, and the older lists of `from` and `value`.
 */
import type { Message } from '../completion.ts'
import type { SourceRow } from '../case-source.ts'
import { messagesSchema } from '../message-schema.ts'
import { valueAt } from './value-at.ts'

/** The words of data sets for who speaks. */
const ROLES: Readonly<Record<string, Message['role']>> = {
  ...{ system: 'system', developer: 'system' },
  ...{ user: 'user', human: 'user', prompter: 'user' },
  ...{
    assistant: 'assistant',
    gpt: 'assistant',
    chatgpt: 'assistant',
    chatbot: 'assistant',
    bot: 'assistant',
    model: 'assistant',
    ai: 'assistant',
  },
  ...{ tool: 'tool', function: 'tool', observation: 'tool' },
}

/** The messages of a conversation; undefined for anything that is no list of objects. */
export function messagesOf(value: unknown): readonly Message[] | 'invalid' | undefined {
  if (!Array.isArray(value) || value.length === 0 || value.some((item) => typeof item !== 'object' || item === null)) return undefined
  const parsed = messagesSchema.safeParse((value as readonly SourceRow[]).map(plainMessage))
  return parsed.success ? parsed.data : 'invalid'
}

/** A message as ours: content parts joined, calls unwrapped, null content as empty text. */
function plainMessage(message: SourceRow): Record<string, unknown> {
  const calls = message['tool_calls'] ?? (message['function_call'] == null ? undefined : [{ function: message['function_call'] }])
  const callId = message['tool_call_id']
  const role = message['role'] ?? message['from']
  const word = typeof role === 'string' ? role.toLowerCase() : ''
  return {
    role: Object.hasOwn(ROLES, word) ? ROLES[word] : role,
    content: contentText(message['content'] ?? message['value']),
    ...(Array.isArray(calls) && calls.length > 0 ? { toolCalls: (calls as readonly SourceRow[]).map(plainCall) } : {}),
    ...(typeof callId === 'string' ? { toolCallId: callId } : {}),
  }
}

function plainCall(call: SourceRow): Record<string, unknown> {
  return { id: valueAt(call, 'id') ?? null, name: valueAt(call, 'function.name'), arguments: valueAt(call, 'function.arguments') }
}

/** The text of a message's content, whose parts may stand one by one; undefined for an image or a sound, which has none. */
export function contentText(content: unknown): unknown {
  if (content === null || content === undefined) return ''
  if (!Array.isArray(content)) return content
  const parts = (content as readonly SourceRow[]).map((part) => valueAt(part, 'text'))
  return parts.every((text) => typeof text === 'string') ? parts.join('') : undefined
}
