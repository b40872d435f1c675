/**
 * @file Turns a row of a file into the members of a case as the eval's `fields` say. What a member must look like is src/eval/case.ts.
 */
import { parseExactJson } from '../../base/parse-exact-json.ts'
import { quoteUntrusted } from '../../base/untrusted-text.ts'
import { plainValue } from '../case-source.ts'
import type { FieldMapping, FieldSource, SourceRow } from '../case-source.ts'
import type { ToolCall } from '../completion.ts'
import { messageOf } from '../problems.ts'
import { messagesOf } from './chat-messages.ts'
import { roundedNumber, roundedProblem } from './rounded-number.ts'
import { thumbOf } from './thumb.ts'
import { valueAt } from './value-at.ts'

/** The members that a mapping gives, or what is wrong with the row. */
export type MappedRow = { readonly members: Readonly<Record<string, unknown>> } | { readonly problems: readonly string[] }

const REQUIRED: ReadonlySet<string> = new Set(['input', 'expected'])
const TEXT: ReadonlySet<string> = new Set(['id', 'role', 'cluster', 'twinOf', 'chosen', 'rejected'])

/** Reads a row by a mapping; without one the row's own members are the case's. */
export function mapFields(value: unknown, fields: FieldMapping | undefined): MappedRow {
  if (fields === undefined) return { members: value as Readonly<Record<string, unknown>> }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { problems: ['is not an object with fields'] }
  const row = value as SourceRow
  const members: Record<string, unknown> = {}
  const problems: string[] = []
  const { each: _, messages, ...single } = fields
  if (messages !== undefined) {
    const chat = readChat(row, messages)
    if ('problem' in chat) problems.push(`messages: ${chat.problem}`)
    else Object.assign(members, chat.members)
  }
  for (const [member, source] of Object.entries(single)) {
    if (source === undefined) continue
    const read = readField(row, source)
    if ('problem' in read) problems.push(`${member}: ${read.problem}`)
    else if (read.value === undefined || read.value === null || (read.value === '' && !REQUIRED.has(member))) {
      if (REQUIRED.has(member)) problems.push(`${member}: ${missing(row, source)}`)
    } else members[member] = convert(member, read.value)
  }
  return problems.length > 0 ? { problems } : { members }
}

/** A conversation as members: what is asked before its last turn, which the assistant must have, and that turn. */
function readChat(
  row: SourceRow,
  source: FieldSource,
): { readonly members: Readonly<Record<string, unknown>> } | { readonly problem: string } {
  const read = readField(row, source)
  if ('problem' in read) return read
  const messages = messagesOf(typeof read.value === 'string' ? parsedOrSame(read.value) : read.value)
  if (messages === undefined) return { problem: read.value === undefined ? missing(row, source) : 'it is no list of messages' }
  if (messages === 'invalid') return { problem: 'its messages are no chat messages of text' }
  const last = messages.at(-1)
  const asked = messages.slice(0, -1)
  if (last?.role !== 'assistant') return { problem: "the last turn is not the assistant's, so nothing is expected" }
  if (!['user', 'tool'].includes(asked.at(-1)?.role ?? '')) return { problem: 'no question stands before the last turn' }
  const isPlain = asked.length === 1 && asked[0]?.role === 'user'
  return {
    members: {
      input: asked.findLast(({ role }) => role === 'user')?.content ?? '',
      expected: last.toolCalls === undefined ? last.content : expectedCalls(last.toolCalls),
      ...(isPlain ? {} : { turns: asked }),
    },
  }
}

/** Calls as `graders.toolCall` expects them. */
function expectedCalls(calls: readonly ToolCall[]): unknown {
  const expected = calls.map((call) => ({ name: call.name, arguments: parsedOrSame(call.arguments) }))
  return expected.length === 1 ? expected[0] : expected
}

function parsedOrSame(text: string): unknown {
  try {
    return parseExactJson(text)
  } catch {
    return text
  }
}

type Read = { readonly value: unknown } | { readonly problem: string }

function readField(row: SourceRow, source: FieldSource | readonly string[]): Read {
  if (typeof source === 'string') return { value: plainValue(valueAt(row, source)) }
  if (typeof source === 'function') {
    try {
      const given = source(row)
      const rounded = roundedNumber(given)
      return rounded === null ? { value: plainValue(given) } : { problem: roundedProblem(rounded) }
    } catch (error) {
      return { problem: `its function threw ${quoteUntrusted(messageOf(error), 100)}` }
    }
  }
  const columns = source.map((path) => [path.split('.').at(-1) as string, plainValue(valueAt(row, path)), path] as const)
  const absent = columns.find(([, value]) => value === undefined)
  return absent === undefined
    ? { value: Object.fromEntries(columns.map(([key, value]) => [key, value])) }
    : { problem: missing(row, absent[2]) }
}

function missing(row: SourceRow, source: FieldSource | readonly string[]): string {
  const columns = Object.keys(row)
    .slice(0, 12)
    .map((name) => quoteUntrusted(name, 40))
  const has = columns.length === 0 ? 'no columns' : columns.join(', ')
  return typeof source === 'string' ? `the row has no value at ${quoteUntrusted(source)}; it has ${has}` : 'its function gave no value'
}

/** Members that are text take numbers, tags take text with commas, a thumb takes what products write. */
function convert(member: string, value: unknown): unknown {
  if (TEXT.has(member) && (typeof value === 'number' || typeof value === 'boolean')) return String(value)
  if (member === 'tags') return tagsOf(value)
  return member === 'thumb' ? (thumbOf(value) ?? value) : value
}

/** Tags of a row: a list, or text with commas or semicolons. */
export function tagsOf(value: unknown): unknown {
  if (typeof value !== 'string') return Array.isArray(value) ? value.map((tag) => (typeof tag === 'number' ? String(tag) : tag)) : value
  return value
    .split(/[,;]/)
    .map((tag) => tag.trim())
    .filter((tag) => tag !== '')
}
