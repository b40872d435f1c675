/**
 * @file What is wrong with a setting of a suite file, in one line: the path as the user wrote it, what it must be, what was given, and for a name that
 * does not exist the ones that do.
 */
import type { z } from 'zod'
import { quoteUntrusted } from '../base/untrusted-text.ts'
import { nearestName } from '../grader/options/check-options.ts'

/** A problem of a schema with where it stands. */
export interface SettingProblem {
  readonly path: readonly PropertyKey[]
  readonly issue: z.core.$ZodIssue
  /** Names that the object at the path takes. */
  readonly known: readonly string[]
}

/** One line for each problem. @param root what the paths begin in, for the names of arms and evals */
export function problemLines(problems: readonly SettingProblem[], root: unknown): readonly string[] {
  return problems.flatMap((problem) => linesOf(problem, root))
}

function linesOf({ path, issue, known }: SettingProblem, root: unknown): readonly string[] {
  if (issue.code === 'unrecognized_keys') {
    if (!isPlain(issue.message)) return [`${pathText(path, root)}: ${issue.message}`]
    return issue.keys.map((key) => unknownLine(pathText([...path, key], root), key, known))
  }
  const inner = innerIssues(issue)
  if (inner.length > 0) return inner.flatMap((one) => linesOf({ path: [...path, ...one.path], issue: one, known }, root))
  const where = pathText(path, root)
  const text = isPlain(issue.message) ? ruleOf(issue) : issue.message
  const given = valueAt(root, path) ?? issue.input
  return given === undefined ? [`${where} is missing: ${text}`] : [`${where}: ${text}, got ${givenText(given)}${nearText(issue)}`]
}

function unknownLine(where: string, key: string, known: readonly string[]): string {
  return `${where} is no setting${suggestion(key, known)}; it takes ${known.length === 0 ? 'none' : known.join(', ')}`
}

/** For a name that was probably meant. */
export function suggestion(written: string, known: readonly string[]): string {
  const near = nearestName(written, known)
  return near === null ? '' : ` (did you mean ${near}?)`
}

/** Of a union, the problems of the one option that the value was meant to be. */
function innerIssues(issue: z.core.$ZodIssue): readonly z.core.$ZodIssue[] {
  if (issue.code !== 'invalid_union' || !isPlain(issue.message)) return []
  const meant = issue.errors.filter((option) => option.every(({ path, code }) => path.length > 0 || code === 'unrecognized_keys'))
  return meant.length === 1 ? (meant[0] ?? []) : []
}

/** Whether a message is zod's own. */
function isPlain(message: string): boolean {
  return /^(?:Invalid|Too|Unrecognized)/.test(message)
}

const KINDS: Readonly<Record<string, string>> = {
  number: 'a number',
  int: 'a whole number',
  string: 'a text',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
}

/** What a value must be. */
function ruleOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type') return `must be ${KINDS[issue.expected] ?? issue.expected}`
  if (issue.code === 'invalid_value')
    return `must be ${oneOf(issue.values.map((value) => (typeof value === 'string' ? `'${value}'` : String(value))))}`
  if (issue.code === 'too_small') return limitText(issue.origin, `${issue.inclusive === true ? 'at least' : 'above'} ${issue.minimum}`)
  if (issue.code === 'too_big') return limitText(issue.origin, `${issue.inclusive === true ? 'at most' : 'below'} ${issue.maximum}`)
  return issue.message
}

function limitText(origin: string, limit: string): string {
  if (origin === 'array') return `must have ${limit} ${limit.endsWith(' 1') ? 'member' : 'members'}`
  return origin === 'string' ? `must have ${limit} characters` : `must be ${limit}`
}

function oneOf(texts: readonly string[]): string {
  return texts.length < 2 ? texts.join('') : `${texts.slice(0, -1).join(', ')} or ${texts.at(-1)}`
}

function nearText(issue: z.core.$ZodIssue): string {
  if (issue.code !== 'invalid_value' || typeof issue.input !== 'string') return ''
  return suggestion(issue.input, issue.values.map(String))
}

function givenText(value: unknown): string {
  if (typeof value === 'string') return `the text ${quoteUntrusted(value)}`
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list'
  if (typeof value === 'object' && value !== null) return 'an object'
  return typeof value === 'function' ? 'a function' : String(value)
}

/** As in code, with the name of each arm and eval behind its index: `arms[0] "sft": method.learningRate`. */
export function pathText(path: readonly PropertyKey[], root: unknown): string {
  let text = ''
  for (const [index, key] of path.entries()) {
    const name = typeof key === 'number' ? nameOf(valueAt(root, path.slice(0, index + 1))) : null
    const begins = text === '' || text.endsWith(': ')
    if (typeof key === 'number') text += `[${key}]${name === null ? '' : ` ${quoteUntrusted(name)}: `}`
    else text += `${begins ? '' : '.'}${quoteUntrusted(String(key)).slice(1, -1)}`
  }
  return text === '' ? 'the suite' : text.replace(/: $/, '')
}

function nameOf(value: unknown): string | null {
  if (typeof value !== 'object' || value === null) return null
  const { name, options, eval: evaluated } = value as { readonly name?: unknown; readonly options?: unknown; readonly eval?: unknown }
  if (typeof name === 'string' && 'role' in value) return name
  return nameOf(evaluated) ?? evalName(options)
}

function evalName(options: unknown): string | null {
  const name: unknown = typeof options === 'object' && options !== null ? (options as { readonly name?: unknown }).name : undefined
  return typeof name === 'string' ? name : null
}

function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[key] : undefined),
    root,
  )
}
