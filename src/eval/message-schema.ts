/**
 * @file Messages as users and files write them, checked.
 */
import { z } from 'zod'
import { isJsonValue } from '../base/json.ts'
import type { JsonValue } from '../base/json.ts'
import type { Message, Tool } from './completion.ts'

const toolCallSchema = z.strictObject({ id: z.string().nullable().default(null), name: z.string().min(1), arguments: z.string() })

/** One turn of a chat. */
export const messageSchema: z.ZodType<Message> = z
  .strictObject({
    role: z.enum(['system', 'user', 'assistant', 'tool']),
    content: z.string(),
    toolCalls: z.array(toolCallSchema).min(1).optional(),
    toolCallId: z.string().optional(),
  })
  .refine(({ role, toolCalls }) => toolCalls === undefined || role === 'assistant', 'only an assistant calls tools')
  .refine(({ role, toolCallId }) => toolCallId === undefined || role === 'tool', 'only a tool answers a call')

/** The messages of a prompt, not empty. */
export const messagesSchema = z.array(messageSchema).min(1)

/** A tool that a model may call. */
export const toolSchema: z.ZodType<Tool> = z.strictObject({
  name: z.string().regex(/^[\w-]{1,64}$/, 'must be 1 to 64 letters, digits, underscores and hyphens'),
  description: z.string().optional(),
  parameters: z.custom<JsonValue>(isJsonValue, 'must be a JSON schema'),
})
