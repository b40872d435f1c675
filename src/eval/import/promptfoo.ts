/**
 * @file A promptfoo configuration as evals: its prompt, its tests as cases, its assertions as graders. Tests whose assertions need other graders become
 * evals of their own. Nothing of the file is run; what has no counterpart is listed.
 */
import { canonicalJson } from '../../base/json.ts'
import type { CaseInput } from '../case.ts'
import type { Message } from '../completion.ts'
import { messagesSchema } from '../message-schema.ts'
import { NotConvertedList } from './imported.ts'
import type { Imported, ImportedEval } from './imported.ts'
import { casesOfTest } from './promptfoo-cases.ts'
import type { LocatedTest } from './promptfoo-cases.ts'
import { KNOWN_MEMBERS, readPromptfooConfig, testOf, testOfRow, withTemplates } from './promptfoo-config.ts'
import { convertTemplate } from './promptfoo-template.ts'
import { besideFile, readImportData, readImportText } from './read-import.ts'

const MOST_EVALS = 8

/** @throws ImportFileError */
export function importPromptfoo(path: string): Imported {
  const config = readPromptfooConfig(path)
  const lost = new NotConvertedList()
  for (const name of Object.keys(config)) if (!KNOWN_MEMBERS.has(name)) lost.add(name, 'this part of the configuration has no counterpart')
  const prompt = convertPrompts(config.prompts, path, lost)
  const shared = withTemplates(testOf(config.defaultTest ?? {}) ?? {}, config)
  const groups = new Map<string, { readonly graders: readonly string[]; readonly cases: Map<string, CaseInput> }>()
  for (const { test, where } of testsOf(config.tests, path, lost)) {
    for (const { graders, row } of casesOfTest({ test: withTemplates(test, config), where }, shared, lost)) {
      const key = graders.join('\n')
      const group = groups.get(key) ?? { graders, cases: new Map<string, CaseInput>() }
      groups.set(key, group)
      group.cases.set(canonicalJson([row.input, row.expected]), row)
    }
  }
  const sorted = [...groups.values()].toSorted((a, b) => b.cases.size - a.cases.size)
  for (const { cases, graders } of sorted.slice(MOST_EVALS))
    lost.add(`${cases.size} tests`, `they need graders of their own: ${graders.join(', ')}`)
  const evals = sorted.slice(0, MOST_EVALS).map(({ graders, cases }, index): ImportedEval => {
    const description = config.description ?? 'Imported from promptfoo.'
    return { suffix: index === 0 ? '' : `-${index + 1}`, description, cases: [...cases.values()], prompt, graders }
  })
  return { evals, notConverted: lost.list(), notes: notesOf(evals) }
}

function notesOf(evals: readonly ImportedEval[]): readonly string[] {
  return [
    'promptfoo has no roles: cases are shared out as 50 % train, 10 % dev, 40 % gate by a hash. Cases that only test: roles: { gate: 1 }.',
    ...(evals.length > 1 ? [`Tests with other assertions became evals of their own: ${evals.length}.`] : []),
  ]
}

/** The first prompt that can be converted. */
function convertPrompts(prompts: unknown, path: string, lost: NotConvertedList): string | readonly Message[] | null {
  let found: string | readonly Message[] | null = null
  const listed = Array.isArray(prompts) ? (prompts as readonly unknown[]) : [prompts]
  const texts = listed.flatMap((one, index) => promptTexts(one, path).map((text) => ({ text, where: `prompts[${index}]` })))
  for (const { text, where } of texts) {
    const converted = text === null ? null : convertPrompt(text)
    if (converted === null) lost.add(where, 'this prompt is code, is not there, or has more in its templates than plain variables')
    else if (found === null) found = converted
    else lost.add(where, 'an eval has one prompt: make a second eval with the same cases for this one')
  }
  return found
}

/** Texts of a prompt, null for code: a text file holds several, with lines of three hyphens between them. */
function promptTexts(prompt: unknown, path: string): readonly (string | null)[] {
  if (typeof prompt === 'object' && prompt !== null) {
    const { raw, id } = prompt as { readonly raw?: unknown; readonly id?: unknown }
    return promptTexts(raw ?? id ?? null, path)
  }
  if (typeof prompt !== 'string') return [null]
  if (!prompt.startsWith('file://')) return [prompt]
  const file = /\.(?:txt|md|json)$/.test(prompt) ? besideFile(path, prompt) : null
  if (file === null) return [null]
  const text = readImportText(file)
  return prompt.endsWith('.txt') ? text.split(/^---\r?$/m).filter((one) => one.trim() !== '') : [text]
}

/** A prompt is text, or a list of messages as JSON. */
function convertPrompt(text: string): string | readonly Message[] | null {
  const converted = convertTemplate(text.trim())
  if (converted === null || !converted.startsWith('[')) return converted
  try {
    const messages = messagesSchema.safeParse(JSON.parse(text))
    return messages.success ? messages.data.map((one) => ({ ...one, content: convertTemplate(one.content) ?? '' })) : converted
  } catch {
    return converted
  }
}

function testsOf(tests: unknown, path: string, lost: NotConvertedList): readonly LocatedTest[] {
  const list = Array.isArray(tests) ? (tests as readonly unknown[]) : tests === undefined ? [{}] : [tests]
  return list.flatMap((value, index): readonly LocatedTest[] => {
    const where = `tests[${index}]`
    if (typeof value === 'string') return testsOfFile(value, path, lost)
    const test = testOf(value)
    if (test === undefined) lost.add(where, 'this is no test')
    return test === undefined ? [] : [{ test, where }]
  })
}

function testsOfFile(reference: string, path: string, lost: NotConvertedList): readonly LocatedTest[] {
  const file = /\.(?:csv|jsonl?|ya?ml)$/.test(reference) ? besideFile(path, reference) : null
  const rows = file === null ? null : readImportData(file)
  if (!Array.isArray(rows)) {
    lost.add(reference, 'tests are read from CSV, JSON, JSONL and YAML files in the folder of the configuration alone')
    return []
  }
  return (rows as readonly unknown[]).flatMap((row, index) => {
    const test = reference.endsWith('.csv') ? testOfRow(row as Readonly<Record<string, string>>) : testOf(row)
    return test === undefined ? [] : [{ test, where: `${reference} (test ${index + 1})` }]
  })
}
