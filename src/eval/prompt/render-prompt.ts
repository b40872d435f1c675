/**
 * @file Turns a case into the messages that a model is asked. The only values a template can reach are those of the case's input:
 * `expected` is out of its reach. Values are inserted as they are and never read as templates again.
 */
import { quoteUntrusted } from '../../base/untrusted-text.ts'
import type { JsonValue } from '../../base/json.ts'
import type { Case } from '../case.ts'
import type { Message } from '../completion.ts'
import { PromptFieldError, PromptInvalidError, PromptThrewError } from '../errors.ts'
import type { PromptSource } from '../eval.ts'
import { messagesSchema } from '../message-schema.ts'
import { problemsOf } from '../problems.ts'

const PLACEHOLDER = /\{\{([^{}]*)\}\}/g

/**
 * The messages for one case; a plain template becomes one user message. `origin` is the eval's, for messages.
 * @throws PromptFieldError, PromptInvalidError, PromptThrewError
 */
export async function renderPrompt(prompt: PromptSource, row: Case, origin: string): Promise<readonly Message[]> {
  if (typeof prompt !== 'function') return renderTemplate(prompt, row, origin)
  const where = whereOfCase(row, origin)
  return checkMessages(await callPrompt(prompt, row, where), where)
}

/** Like `renderPrompt`, for a prompt that is no function. @throws PromptFieldError */
export function renderTemplate(prompt: string | readonly Message[], row: Case, origin: string): readonly Message[] {
  const where = (): string => whereOfCase(row, origin)
  if (typeof prompt === 'string') return [{ role: 'user', content: fillTemplate(prompt, row.input, where) }]
  return prompt.map((message) => ({ ...message, content: fillTemplate(message.content, row.input, where) }))
}

/** A case of an eval, as messages name it. */
export function whereOfCase(row: Case, origin: string): string {
  return `${origin} (case ${quoteUntrusted(row.id)})`
}

/** Replaces {{input}}, {{input.field}} and {{input.list.0}}; anything else in double braces is an error. */
export function fillTemplate(template: string, input: JsonValue, where: string | (() => string)): string {
  return template.replace(PLACEHOLDER, (_, inner: string) => {
    const path = inner.trim()
    const value = resolvePath(path, input)
    if (value === undefined)
      throw new PromptFieldError({ where: typeof where === 'string' ? where : where(), placeholder: path, available: fieldsOf(input) })
    return typeof value === 'string' ? value : JSON.stringify(value)
  })
}

/** The value at "input.a.b"; own members only, so that "input.constructor" is unknown. */
function resolvePath(path: string, input: JsonValue): JsonValue | undefined {
  const [root, ...keys] = path.split('.')
  if (root !== 'input') return undefined
  let value: JsonValue = input
  for (const key of keys) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
    if (Array.isArray(value) && key === 'length') return undefined
    value = (value as Readonly<Record<string, JsonValue>>)[key] as JsonValue
  }
  return value
}

function fieldsOf(input: JsonValue): readonly string[] {
  if (typeof input !== 'object' || input === null) return []
  return Object.keys(input)
    .slice(0, 20)
    .map((key) => `input.${quoteUntrusted(key).slice(1, -1)}`)
}

async function callPrompt(prompt: (row: Case) => unknown, row: Case, where: string): Promise<unknown> {
  try {
    return await prompt(row)
  } catch (cause) {
    throw new PromptThrewError({ where, reason: cause instanceof Error ? cause.message : String(cause) }, { cause })
  }
}

function checkMessages(value: unknown, where: string): readonly Message[] {
  const parsed = messagesSchema.safeParse(value)
  if (!parsed.success) throw new PromptInvalidError({ where, problems: problemsOf(parsed.error) })
  return parsed.data
}
