/**
 * @file Finds the tool calls of a completion: those that the server told apart, else those that the text holds as JSON.
 */
import { parseExactJson } from '../../base/parse-exact-json.ts'
import type { GradeInput } from '../../eval/grader.ts'
import { answerText } from '../answer-text.ts'
import { jsonObjectsIn } from '../json/find-json-object.ts'
import type { JsonObject } from '../json/find-json-object.ts'
import { hasRepeatedName } from '../json/repeated-names.ts'
import { isShallow } from '../json/json-depth.ts'
import { isBlockDenied } from '../text/denial.ts'

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
 * (or `"parameters"`), OpenAI's `{"function": {…}}`, or a list of them; else of the only such object in prose. The same in both profiles: where no
 * call is expected, one in prose is one too many. Several in prose, or one that the text denies, are no calls but meant as some.
 */
export function findToolCalls(input: GradeInput): FoundCalls {
  const told = input.completion.toolCalls ?? []
  if (told.length > 0) return callsOf(told, 'tool-calls')
  const { parsed } = input
  if (typeof parsed !== 'string') return parsed === null || parsed === undefined ? NONE : callsOf(asList(parsed), 'parsed')
  const text = (answerText(input) ?? '').trim()
  if (text.includes('<tool_call>')) return callsOf(taggedCalls(text), 'tag')
  const whole = parseJson(text)
  if (Array.isArray(whole) || isCallLike(whole)) return callsOf(asList(whole), 'json')
  return callsInProse(text)
}

/** Calls in forms that are not read, or cut off in the middle. */
const CALL_MARK =
  /<(?:function|tool|invoke)[\s_=>-]|\[TOOL_CALLS\]|<\|(?:python_tag|tool_call)|<\uff5ctool|"(?:name|function)"\s{0,20}:[^{}]{0,200}"(?:arguments|parameters)"\s{0,20}:/iu

function callsInProse(text: string): FoundCalls {
  const found = jsonObjectsIn(text).filter(({ object }) => isCallLike(object))
  const [only] = found
  if (only !== undefined && found.length === 1 && !isBlockDenied(text, only)) return callsOf([only.object], 'in-prose')
  return found.length > 0 || CALL_MARK.test(text) ? { calls: [], rule: 'in-prose', broken: true } : NONE
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
    const value = parseExactJson(text)
    return hasRepeatedName(text) ? null : value
  } catch {
    return null
  }
}
