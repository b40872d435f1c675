/**
 * @file Finds the tool calls of a completion: those that the server told apart, else those that the text holds as JSON.
 */
import type { GradeInput } from '../../eval/grader.ts'
import { findJsonObject } from '../json/find-json-object.ts'
import type { JsonObject } from '../json/find-json-object.ts'
import { isShallow } from '../json/json-depth.ts'

/** A call as it was found. `arguments` is null where they are not a JSON object. */
export interface FoundCall {
  readonly name: string
  readonly arguments: JsonObject | null
}

/** Calls and where they stood. `broken` says that something was meant as a call and is none. */
export interface FoundCalls {
  readonly calls: readonly FoundCall[]
  readonly rule: 'tool-calls' | 'parsed' | 'tag' | 'json' | 'in-prose' | null
  readonly broken: boolean
}

/** More calls than this are no answer. */
export const MAX_CALLS = 64
const MAX_DEPTH = 100
const NONE: FoundCalls = { calls: [], rule: null, broken: false }

/**
 * The calls of the completion, of what the eval's parser made, of `<tool_call>` tags (Qwen, Hermes), or of a text that is JSON: `{"name", "arguments"}`
 * (or `"parameters"`), OpenAI's `{"function": {…}}`, or a list of them. Lenient, also of the only JSON object in prose.
 */
export function findToolCalls({ completion, parsed, profile }: GradeInput): FoundCalls {
  const told = completion.toolCalls ?? []
  if (told.length > 0) return callsOf(told, 'tool-calls')
  if (typeof parsed !== 'string') return parsed === null || parsed === undefined ? NONE : callsOf(asList(parsed), 'parsed')
  const text = parsed.trim()
  if (text.includes('<tool_call>')) return callsOf(taggedCalls(text), 'tag')
  const whole = parseJson(text)
  if (Array.isArray(whole) || isCallLike(whole)) return callsOf(asList(whole), 'json')
  const found = profile === 'eval' ? findJsonObject(text)?.object : undefined
  return found !== undefined && isCallLike(found) ? callsOf([found], 'in-prose') : NONE
}

function callsOf(values: readonly unknown[], rule: FoundCalls['rule']): FoundCalls {
  const calls = values.slice(0, MAX_CALLS + 1).map(toCall)
  const good = calls.flatMap((call) => (call === null ? [] : [call]))
  return { calls: good, rule, broken: good.length < calls.length || good.some((call) => call.arguments === null) }
}

function toCall(value: unknown): FoundCall | null {
  if (!isRecord(value)) return null
  const call = isRecord(value['function']) ? value['function'] : value
  const { name } = call
  if (typeof name !== 'string') return null
  const given = Object.hasOwn(call, 'arguments') ? call['arguments'] : Object.hasOwn(call, 'parameters') ? call['parameters'] : {}
  const parsed = typeof given === 'string' ? parseJson(given.trim() === '' ? '{}' : given) : given
  return { name, arguments: isRecord(parsed) && isShallow(parsed, MAX_DEPTH) ? parsed : null }
}

/** What stands in each tag, as JSON; null for what is none. A tag that is never closed ends with the text. */
function taggedCalls(text: string): readonly unknown[] {
  const pieces = text.split('<tool_call>').slice(1, MAX_CALLS + 2)
  return pieces.map((piece) => parseJson((piece.split('</tool_call>', 1)[0] as string).trim()))
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value]
}

function isCallLike(value: unknown): boolean {
  return isRecord(value) && (typeof value['name'] === 'string' || isRecord(value['function']))
}

function isRecord(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
