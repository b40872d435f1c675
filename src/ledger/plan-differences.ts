/**
 * @file Says in which members two plans differ.
 */
import { quoteUntrusted } from '../base/untrusted-text.ts'
import { canonicalJson } from '../base/json.ts'

/** One line per differing member: `gate.margin: 0.05 became 0.1`. Empty when both are the same JSON. */
export function planDifferences(before: unknown, now: unknown, path = ''): readonly string[] {
  const [a, b] = [canonicalJson(before ?? null), canonicalJson(now ?? null)]
  if (a === b) return []
  if (!isContainer(before) || !isContainer(now) || Array.isArray(before) !== Array.isArray(now))
    return [`${path}: ${show(a)} became ${show(b)}`]
  const keys = [...new Set([...Object.keys(before), ...Object.keys(now)])]
  return keys.flatMap((key) => planDifferences(before[key], now[key], path === '' ? key : `${path}.${key}`))
}

function isContainer(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}

function show(json: string): string {
  return json.length <= 40 && !json.startsWith('"') ? json : quoteUntrusted(json.startsWith('"') ? (JSON.parse(json) as string) : json, 40)
}
