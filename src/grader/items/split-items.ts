/**
 * @file The items of a list that a model wrote: a JSON array, or lines, bullets and separators.
 */
import { parseExactJson } from '../../base/parse-exact-json.ts'
import type { GradeInput } from '../../eval/grader.ts'
import { answerText } from '../answer-text.ts'
import { isBlockDenied } from '../text/denial.ts'

/** Items as texts, with the rule that found them. */
export interface FoundItems {
  readonly items: readonly string[]
  readonly rule: 'parsed' | 'json' | 'separator' | 'lines' | 'in-prose'
}

/** More items than this are no answer. */
export const MAX_ITEMS = 1000

/**
 * The items of the answer. A declared separator splits and nothing else does. Else: a JSON array, then several lines (bullets and numbers taken off),
 * then semicolons or commas. Lenient, "a, b and c" has three items, and what stands before a colon that ends a line, or in a line without bullets
 * beside lines that have them, is none.
 * Null when an answer has too many items, or is no text and no array of texts, numbers and booleans.
 */
export function splitItems(input: GradeInput, separator: string | null, lenient: boolean): FoundItems | null {
  const found = Array.isArray(input.parsed) ? scalars(input.parsed, 'parsed') : splitText(answerText(input), separator, lenient)
  return found === null || found.items.length > MAX_ITEMS ? null : found
}

function splitText(answer: string | null, separator: string | null, lenient: boolean): FoundItems | null {
  if (answer === null) return null
  const text = answer.trim()
  if (separator !== null) return { items: clean(text.split(separator)), rule: 'separator' }
  const array = jsonArray(text)
  if (array !== null) return scalars(array, 'json')
  const lines = clean(text.split('\n'))
  if (lines.length > 1) return { items: lenient ? listLines(lines) : lines.map(withoutBullet), rule: 'lines' }
  const line = lenient ? text.replace(/^[^:]{0,200}:(?=\s)/, '').replace(/\.$/, '') : text
  const items = line.includes(';') ? line.split(';') : line.split(',')
  return {
    items: clean(lenient ? items.flatMap(splitAnd) : items).map(withoutBullet),
    rule: lenient && line !== text ? 'in-prose' : 'separator',
  }
}

/** Whether an answer denies its list: by a heading like "It is not:", or by what its last line says. */
export function isListDenied(input: GradeInput): boolean {
  const text = answerText(input)?.trim() ?? ''
  const heading = /^[^:]{1,200}:(?=\s)/.exec(text)?.[0].length ?? 0
  const last = text.lastIndexOf('\n')
  return isBlockDenied(text, { start: heading, end: last === -1 ? text.length : last })
}

/** The lines with bullets where there are any, else all lines that do not introduce something. */
function listLines(lines: readonly string[]): readonly string[] {
  const bulleted = lines.filter((line) => withoutBullet(line) !== line)
  return (bulleted.length > 0 ? bulleted : lines.filter((line) => !line.endsWith(':'))).map(withoutBullet)
}

function splitAnd(item: string, index: number, items: readonly string[]): readonly string[] {
  if (items.length > 1 && index === items.length - 1 && /^\s*and\s/.test(item)) return [item.replace(/^\s*and\s/, '')]
  return index === items.length - 1 ? item.split(' and ') : [item]
}

function withoutBullet(line: string): string {
  return line.replace(/^(?:[-*•–]|\d{1,4}[.)])\s+/, '').trim()
}

function clean(items: readonly string[]): readonly string[] {
  return items.map((item) => item.trim()).filter((item) => item !== '')
}

function jsonArray(text: string): readonly unknown[] | null {
  if (!text.startsWith('[') || !text.endsWith(']')) return null
  try {
    const value = parseExactJson(text)
    return Array.isArray(value) ? value : null
  } catch {
    return null
  }
}

function scalars(values: readonly unknown[], rule: FoundItems['rule']): FoundItems | null {
  const items = values.flatMap((value) => (['string', 'number', 'boolean'].includes(typeof value) ? [String(value)] : []))
  return items.length === values.length ? { items, rule } : null
}
