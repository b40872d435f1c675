/**
 * @file The template syntax of RFT graders: {{ item.field }} and {{sample.output_tools[0].function.name}}. No other language is behind it: a
 * placeholder is a path, values go in as they are and are never read as templates again.
 */
import { quoteUntrusted } from '../../base/untrusted-text.ts'
import { RftVariableError } from './errors.ts'
import { failed } from './rft-failure.ts'
import type { RftFailure } from './rft-failure.ts'
import { SAMPLE_MEMBERS } from './template-values.ts'
import type { PathStep, TemplateValues } from './template-values.ts'

/** A path that a placeholder names. */
type TemplatePath = readonly [namespace: 'item' | 'sample', ...PathStep[]]

/** A template, read: texts and the placeholders between them. */
export type Template = readonly (string | { readonly path: TemplatePath; readonly written: string })[]

const STEP = /\.(?<name>[^\s.[\]{}"']+)|\[(?<index>\d{1,9})\]|\["(?<double>[^"\]]*)"\]|\['(?<single>[^'\]]*)'\]/y

/**
 * Reads a template. `where` names it in messages.
 * @throws RftVariableError for a placeholder that can name nothing
 */
export function parseTemplate(text: string, where: string): Template {
  const parts: Template[number][] = []
  let at = 0
  for (;;) {
    const open = text.indexOf('{{', at)
    if (open === -1) break
    const close = text.indexOf('}}', open)
    if (close === -1) throw new RftVariableError({ where, variable: text.slice(open), problem: 'is not closed by }}' })
    const written = text.slice(open + 2, close).trim()
    if (open > at) parts.push(text.slice(at, open))
    parts.push({ path: parsePath(written, where), written })
    at = close + 2
  }
  if (at < text.length) parts.push(text.slice(at))
  return parts
}

/** The text with its values: texts as they are, everything else as JSON. A value that is not there is a failure. */
export function renderTemplate(template: Template, values: TemplateValues): { readonly text: string } | { readonly failure: RftFailure } {
  const texts: string[] = []
  for (const part of template) {
    if (typeof part === 'string') {
      texts.push(part)
      continue
    }
    const value = values(part.path)
    if (value === undefined) return missing(part.path, part.written)
    texts.push(typeof value === 'string' ? value : JSON.stringify(value))
  }
  return { text: texts.join('') }
}

function missing([namespace, member]: TemplatePath, written: string): { readonly failure: RftFailure } {
  const what = quoteUntrusted(written)
  if (namespace === 'item') return failed('INVALID_VARIABLE_ERROR', `the case has no ${what}`)
  if (member === 'output_json') return failed('SAMPLE_PARSE_ERROR', `the completion is no JSON with ${what}`, 'sample')
  return failed('INVALID_VARIABLE_ERROR', `the completion has no ${what}`, 'sample')
}

function parsePath(written: string, where: string): TemplatePath {
  const namespace = /^[A-Za-z_]\w*/.exec(written)?.[0] ?? ''
  if (namespace !== 'item' && namespace !== 'sample')
    throw new RftVariableError({ where, variable: written, problem: 'is in no namespace: those are item and sample' })
  const steps = parseSteps(written.slice(namespace.length))
  if (steps === null) throw new RftVariableError({ where, variable: written, problem: 'is no path of members and indexes' })
  if (steps.length === 0)
    throw new RftVariableError({ where, variable: written, problem: `names a whole namespace instead of a variable of it` })
  if (namespace === 'sample' && !SAMPLE_MEMBERS.includes(String(steps[0])))
    throw new RftVariableError({ where, variable: written, problem: `is nothing that a sample has: that is ${SAMPLE_MEMBERS.join(', ')}` })
  return [namespace, ...steps]
}

/** Null where the text is no path. */
function parseSteps(text: string): readonly PathStep[] | null {
  const pattern = new RegExp(STEP)
  const steps: PathStep[] = []
  while (pattern.lastIndex < text.length) {
    const groups = pattern.exec(text)?.groups
    if (groups === undefined) return null
    const { name, index, double, single } = groups
    steps.push(index === undefined ? (nameOrIndex(name) ?? double ?? single ?? '') : Number(index))
  }
  return steps
}

/** `.0` steps into a list as `[0]` does; a member called "0" is found by either, as steps into objects are by name. */
function nameOrIndex(name: string | undefined): PathStep | undefined {
  return name !== undefined && /^(?:0|[1-9]\d{0,8})$/.test(name) ? Number(name) : name
}
