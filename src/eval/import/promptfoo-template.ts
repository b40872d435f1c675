/**
 * @file promptfoo's templates are Nunjucks, a language with code in it. Only plain variables are taken over: `{{name}}` and `{{name.member}}`.
 */
import type { JsonValue } from '../../base/json.ts'

const VARIABLE = /\{\{-?\s*([\w$]+(?:\.[\w$]+)*)\s*-?\}\}/g

/** The template in our form, `{{input.name}}`; null when it has anything but plain variables. */
export function convertTemplate(text: string): string | null {
  const converted = text.replace(VARIABLE, (_, path: string) => `\u0001${path}\u0002`)
  if (/\{\{|\}\}|\{%|\{#/.test(converted)) return null
  return converted.replaceAll('\u0001', '{{input.').replaceAll('\u0002', '}}')
}

/** A value with its variables filled in; null when a template in it has anything but known plain variables. */
export function fillVariables(value: JsonValue, vars: Readonly<Record<string, JsonValue>>): JsonValue | null {
  if (typeof value === 'string') return fillText(value, vars)
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) {
    const items = value.map((item) => fillVariables(item as JsonValue, vars))
    return items.includes(null) && !value.includes(null) ? null : items
  }
  const entries = Object.entries(value).map(([key, item]) => [key, fillVariables(item, vars), item] as const)
  if (entries.some(([, filled, item]) => filled === null && item !== null)) return null
  return Object.fromEntries(entries.map(([key, filled]) => [key, filled]))
}

function fillText(text: string, vars: Readonly<Record<string, JsonValue>>): string | null {
  let known = true
  const filled = text.replace(VARIABLE, (_, path: string) => {
    const [name = '', ...rest] = path.split('.')
    const value = rest.length === 0 && Object.hasOwn(vars, name) ? vars[name] : undefined
    if (value === undefined) known = false
    return typeof value === 'string' ? value : JSON.stringify(value ?? null)
  })
  // Looked for in the template, not in what was filled in.
  const rest = text.replace(VARIABLE, '')
  return known && !/\{\{|\{%|\{#/.test(rest) ? filled : null
}
