/**
 * @file Says in which members two plans differ, and which of a plan's members decide what a run does.
 */
import { quoteUntrusted } from '../base/untrusted-text.ts'
import { canonicalJson } from '../base/json.ts'
import type { Plan } from './run-records.ts'

/**
 * A plan without descriptions, paths and names of what has a hash, and what follows from the rest: a run goes on where those changed. The suite's hash
 * comes last, because the others say what it is that changed.
 */
export function decidingPlan({ suite, base, compared, evals, warnings: _, ...plan }: Plan): unknown {
  const { description: _words, file: _file, hash, ...named } = suite
  const { name: _name, directory: _directory, ...weights } = base
  const hashes = compared === null ? null : { parent: compared.parent.hash, candidate: compared.candidate.hash, target: compared.target }
  return {
    ...plan,
    base: weights,
    compared: hashes,
    evals: evals.map(({ description, ...rest }) => rest),
    suite: { ...named, hash },
  }
}

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
