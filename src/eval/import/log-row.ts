/**
 * @file Reads one row of a production log: what was asked, what was answered, and what people thought of it. Knows the shapes that are common; others
 * need a mapping.
 */
import { isJsonValue } from '../../base/json.ts'
import type { JsonValue } from '../../base/json.ts'
import type { SourceRow } from '../case-source.ts'
import type { Message } from '../completion.ts'
import { contentText, messagesOf } from '../source/chat-messages.ts'
import { valueAt } from '../source/value-at.ts'
import { thumbOf } from '../source/thumb.ts'

/** Which columns of a log hold what; a path with dots each. Left out: the usual names are tried. */
export interface LogFields {
  readonly input?: string
  readonly messages?: string
  readonly output?: string
  readonly expected?: string
  readonly chosen?: string
  readonly rejected?: string
  readonly thumb?: string
  readonly tags?: string
}

/** What a row says. `turns` is null where the input alone was asked. */
export interface LogRow {
  readonly input: JsonValue
  readonly turns: readonly Message[] | null
  readonly output: string | null
  readonly expected: JsonValue | null
  readonly chosen: string | null
  readonly rejected: string | null
  readonly thumb: 'up' | 'down' | null
  readonly tags: readonly string[]
}

const USUAL: Readonly<Record<keyof LogFields, readonly string[]>> = {
  messages: ['messages', 'request.messages', 'input.messages', 'body.messages', 'conversation', 'conversations'],
  input: ['input', 'prompt', 'question', 'query', 'request'],
  output: ['output', 'completion', 'response', 'answer', 'generation'],
  expected: ['expected', 'correction', 'ideal', 'reference', 'expected_output'],
  chosen: ['chosen', 'preferred', 'accepted'],
  rejected: ['rejected', 'dispreferred'],
  thumb: ['thumb', 'rating', 'feedback', 'thumbs', 'feedback.rating', 'feedback.thumb', 'feedback.score', 'score'],
  tags: ['tags', 'labels'],
}

/** The row's content, or why there is none. */
export function readLogRow(value: unknown, fields: LogFields): LogRow | { readonly problem: string } {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { problem: 'the line is no JSON object' }
  const row = value as SourceRow
  const read = (name: keyof LogFields): unknown => firstOf(row, fields[name] === undefined ? USUAL[name] : [fields[name]])
  const conversation = messagesOf(read('messages')) ?? messagesOf(read('input'))
  if (conversation === 'invalid') return { problem: 'its messages are no chat messages' }
  const last = conversation?.at(-1)
  const answered = last?.role === 'assistant' ? last.content : null
  const asked = answered === null ? conversation : conversation?.slice(0, -1)
  const input = asked === undefined ? read('input') : (asked.findLast(({ role }) => role === 'user')?.content ?? '')
  if (!isJsonValue(input) || asked?.length === 0) return { problem: 'it does not say what was asked' }
  const expected = read('expected')
  return {
    input,
    turns: asked === undefined || (asked.length === 1 && asked[0]?.role === 'user') ? null : asked,
    output: textOf(read('output')) ?? answered,
    expected: isJsonValue(expected) ? expected : null,
    chosen: textOf(read('chosen')),
    rejected: textOf(read('rejected')),
    thumb: firstThumb(row, fields.thumb === undefined ? USUAL.thumb : [fields.thumb]),
    tags: tagsOf(read('tags')),
  }
}

function firstOf(row: SourceRow, paths: readonly string[]): unknown {
  for (const path of paths) {
    const value = valueAt(row, path)
    if (value !== undefined && value !== null) return value
  }
  return undefined
}

/** "feedback" may be a thumb itself or an object that has one. */
function firstThumb(row: SourceRow, paths: readonly string[]): 'up' | 'down' | null {
  for (const path of paths) {
    const thumb = thumbOf(valueAt(row, path))
    if (thumb !== undefined) return thumb
  }
  return null
}

/** An answer: text, a message, messages that end with it, or a server's whole response. */
function textOf(value: unknown): string | null {
  if (typeof value === 'string') return value
  if (typeof value !== 'object' || value === null) return null
  if (Array.isArray(value)) return textOf((value as readonly unknown[]).at(-1))
  const row = value as SourceRow
  const found = firstOf(row, ['choices.0.message.content', 'choices.0.text', 'message.content', 'content', 'text', 'output_text'])
  const text = Array.isArray(found) ? contentText(found) : found
  return typeof text === 'string' ? text : null
}

function tagsOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return value === '' ? [] : [value]
  return Array.isArray(value) ? value.filter((tag) => typeof tag === 'string') : []
}
