/**
 * @file What RFT templates can reach: `item`, the row of the dataset, and `sample`, what the model gave. Own members only.
 */
import type { JsonValue } from '../../base/json.ts'
import { parseExactJson } from '../../base/parse-exact-json.ts'
import { isJsonValue } from '../../base/json.ts'
import type { Case } from '../../eval/case.ts'
import type { Completion, FinishReason, ToolCall } from '../../eval/completion.ts'

/** Members of `sample`. `output_json` is there only when the whole text is JSON; numbers in it that JavaScript would round are text. */
export const SAMPLE_MEMBERS: readonly string[] = ['output_text', 'output_json', 'output_tools', 'choices']

/** One step into a value: a member's name or an index. */
export type PathStep = string | number

/** A value that a template names; undefined when there is none. */
export type TemplateValues = (path: readonly [namespace: 'item' | 'sample', ...PathStep[]]) => JsonValue | undefined

/** The case as a row: the fields of its input, or `input` itself when that is no object, then `expected` and `tags` unless the input has fields of that name. */
export function rftItem({ input, expected, tags }: Case): Readonly<Record<string, JsonValue>> {
  const fields =
    typeof input === 'object' && input !== null && !Array.isArray(input) ? (input as Readonly<Record<string, JsonValue>>) : { input }
  return { expected, tags, ...fields }
}

/** The completion as chat completions have it. `output_json` is left out when the text is no JSON. */
export function rftSample(completion: Completion): Readonly<Record<string, JsonValue>> {
  const json = jsonOf(completion.text)
  return {
    output_text: completion.text,
    ...(json === undefined ? {} : { output_json: json }),
    output_tools: toolsOf(completion),
    choices: choicesOf(completion),
  }
}

/** The values for one grade; made when they are first asked for. */
export function templateValues(row: Case, completion: Completion): TemplateValues {
  let item: JsonValue | undefined
  let sample: JsonValue | undefined
  return ([namespace, ...steps]) => {
    // Most templates ask for the text only, which needs no JSON parsed.
    if (namespace === 'sample' && steps.length === 1 && steps[0] === 'output_text') return completion.text
    const root = namespace === 'item' ? (item ??= rftItem(row)) : (sample ??= rftSample(completion))
    return steps.reduce<JsonValue | undefined>(stepInto, root)
  }
}

function stepInto(value: JsonValue | undefined, step: PathStep): JsonValue | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  if (Array.isArray(value)) return typeof step === 'number' ? (value as readonly JsonValue[])[step] : undefined
  const key = String(step)
  return Object.hasOwn(value, key) ? (value as Readonly<Record<string, JsonValue>>)[key] : undefined
}

/** Undefined where the text is no JSON, or JSON of more than 200 levels. */
function jsonOf(text: string): JsonValue | undefined {
  try {
    const value = parseExactJson(text)
    return isJsonValue(value) ? value : undefined
  } catch {
    return undefined
  }
}

function toolsOf({ toolCalls = [] }: Completion): readonly JsonValue[] {
  return toolCalls.map(({ id, name, arguments: text }: ToolCall) => ({ id, type: 'function', function: { name, arguments: text } }))
}

const FINISH: Readonly<Record<FinishReason, string>> = {
  stop: 'stop',
  'tool-calls': 'tool_calls',
  length: 'length',
  'content-filter': 'content_filter',
  error: 'error',
}

function choicesOf(completion: Completion): readonly JsonValue[] {
  const tools = toolsOf(completion)
  const message = { role: 'assistant', content: completion.text, ...(tools.length === 0 ? {} : { tool_calls: tools }) }
  return [{ index: 0, finish_reason: FINISH[completion.finishReason], message }]
}
