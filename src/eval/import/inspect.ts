/**
 * @file Inspect's data sets and logs as evals: samples become cases, the scorers of a log become graders. Solvers, sandboxes and tools are Python and stay
 * there: they are listed.
 */
import { extname } from 'node:path'
import { z } from 'zod'
import { displayPath } from '../../base/display-path.ts'
import { canonicalJson, isJsonValue } from '../../base/json.ts'
import type { JsonValue } from '../../base/json.ts'
import { parseExactJson } from '../../base/parse-exact-json.ts'
import type { CaseInput } from '../case.ts'
import { ImportFileError } from './errors.ts'
import { NotConvertedList } from './imported.ts'
import type { Imported, ImportedEval } from './imported.ts'
import { gradersOfScorers } from './inspect-scorers.ts'
import { messagesOf } from '../source/chat-messages.ts'
import { readImportData } from './read-import.ts'
import { readZip } from './read-zip.ts'

const json = z.custom<JsonValue>(isJsonValue)

const sampleSchema = z.looseObject({
  id: z.union([z.string(), z.number()]).nullish(),
  input: z.union([z.string(), z.array(z.unknown()).min(1)]),
  target: z.union([z.string(), z.number(), z.boolean(), z.array(json)]).optional(),
  choices: z.union([z.array(z.string()), z.string()]).nullish(),
})
type Sample = z.infer<typeof sampleSchema>

const logSchema = z.looseObject({
  eval: z.looseObject({
    task: z.string(),
    scorers: z.array(z.looseObject({ name: z.string() })).nullish(),
    config: z.unknown().optional(),
  }),
  samples: z.array(z.unknown()).nullish(),
  results: z.looseObject({ scores: z.array(z.looseObject({ scorer: z.string().optional(), name: z.string() })) }).nullish(),
})

/** Members of a sample that change what it is, and have no counterpart. */
const WORLD = ['sandbox', 'files', 'setup'] as const

/** @throws ImportFileError, InspectArchiveError */
export function importInspect(path: string): Imported {
  const lost = new NotConvertedList()
  const { samples, scorers, description } = readInspect(path, lost)
  const cases = new Map<string, { readonly row: CaseInput; readonly choices: number }>()
  for (const [index, value] of samples.entries()) {
    const made = caseOf(value, `samples[${index}]`, lost)
    // A log has a sample once for each epoch: the first stands for all.
    if (made === undefined) continue
    const known = cases.get(made.key)
    if (known === undefined) cases.set(made.key, made)
    else if (canonicalJson(known.row) !== canonicalJson(made.row)) {
      lost.add(`samples[${index}]`, 'an earlier sample with this id asks or expects something else: the first is kept')
    }
  }
  const asked = [...cases.values()]
  const open = asked.filter(({ choices }) => choices === 0).map(({ row }) => row)
  const closed = asked.filter(({ choices }) => choices > 0)
  const letters = lettersOf(Math.max(0, ...closed.map(({ choices }) => choices)))
  const made: Omit<ImportedEval, 'suffix' | 'description'>[] = []
  if (open.length > 0) made.push({ cases: open, prompt: null, graders: gradersOfScorers(scorers, open, lost) })
  if (closed.length > 0) {
    made.push({
      cases: closed.map(({ row }) => row),
      prompt: CHOICE_PROMPT,
      graders: [`graders.label({ labels: ${JSON.stringify(letters)} })`],
    })
  }
  return {
    evals: made.map((one, index) => ({ suffix: index === 0 ? '' : `-${index + 1}`, description, ...one })),
    notConverted: lost.list(),
    notes: [
      'Inspect has no roles: cases are shared out as 50 % train, 10 % dev, 40 % gate by a hash. Cases that only test: roles: { gate: 1 }.',
    ],
  }
}

const CHOICE_PROMPT = '{{input.question}}\n\n{{input.choices}}\n\nAnswer with the letter of the right choice alone.'

interface InspectFile {
  readonly samples: readonly unknown[]
  readonly scorers: readonly string[]
  readonly description: string
}

function readInspect(path: string, lost: NotConvertedList): InspectFile {
  if (extname(path).toLowerCase() === '.eval') return readArchive(path, lost)
  const data = readImportData(path)
  if (Array.isArray(data)) return { samples: data as readonly unknown[], scorers: [], description: 'Imported from an Inspect data set.' }
  return readLog(data, path, lost)
}

function readLog(data: unknown, path: string, lost: NotConvertedList): InspectFile {
  const log = logSchema.safeParse(data)
  if (!log.success)
    throw new ImportFileError({ where: displayPath(path), problem: 'it is neither a list of Inspect samples nor an Inspect log' })
  const { eval: task, samples, results } = log.data
  lost.add(`eval "${task.task}"`, 'solvers and tools are Python: put their prompts into system, prompt and tools')
  const named = task.scorers?.map(({ name }) => name) ?? results?.scores.map(({ scorer, name }) => scorer ?? name) ?? []
  return { samples: samples ?? [], scorers: [...new Set(named)], description: `Imported from an Inspect log of ${task.task}.` }
}

/** An archive has the log without its samples in `header.json` and each sample in a file. */
function readArchive(path: string, lost: NotConvertedList): InspectFile {
  const archive = readZip(path)
  const header = archive.names.find((name) => name === 'header.json' || name === '_journal/start.json')
  if (header === undefined) throw new ImportFileError({ where: displayPath(path), problem: 'the archive is no Inspect log' })
  const names = archive.names.filter((name) => name.startsWith('samples/') && name.endsWith('.json')).toSorted()
  const parse = (name: string): unknown => {
    try {
      return parseExactJson(archive.read(name))
    } catch (cause) {
      if (cause instanceof SyntaxError)
        throw new ImportFileError({ where: displayPath(path), problem: 'an entry of the archive is no JSON' }, { cause })
      throw cause
    }
  }
  return { ...readLog(parse(header), path, lost), samples: names.map(parse) }
}

function caseOf(
  value: unknown,
  where: string,
  lost: NotConvertedList,
): { readonly key: string; readonly row: CaseInput; readonly choices: number } | undefined {
  const parsed = sampleSchema.safeParse(value)
  if (!parsed.success) lost.add(where, 'it is no Inspect sample: input is text or messages, target text or a list')
  if (!parsed.success) return undefined
  const sample = parsed.data
  for (const name of WORLD) if (sample[name] != null) lost.add(`${where}.${name}`, 'files and sandboxes of samples have no counterpart')
  const turns = typeof sample.input === 'string' ? undefined : messagesOf(sample.input)
  if (turns === 'invalid' || (turns === undefined && typeof sample.input !== 'string')) {
    lost.add(where, 'its messages are no chat messages of text')
    return undefined
  }
  const question = typeof sample.input === 'string' ? sample.input : (turns?.findLast(({ role }) => role === 'user')?.content ?? '')
  const choices = choicesOf(sample)
  const id = sample.id == null ? undefined : String(sample.id).slice(0, 200)
  if (choices.length > 0 && turns !== undefined && turns.length > 1)
    lost.add(where, 'of messages before a choice, the last question is kept alone')
  const row: CaseInput = {
    ...(id === undefined || id === '' ? {} : { id }),
    input: choices.length === 0 ? question : { question, choices: listed(choices) },
    expected: targetOf(sample),
    ...(turns === undefined || choices.length > 0 ? {} : { turns }),
  }
  return { key: id ?? JSON.stringify([row.input, row.expected, row.turns]), row, choices: choices.length }
}

/** In CSV choices are JSON text. */
function choicesOf({ choices }: Sample): readonly string[] {
  if (typeof choices !== 'string') return choices ?? []
  try {
    const list = parseExactJson(choices)
    return Array.isArray(list) ? list.map(String) : []
  } catch {
    return []
  }
}

function targetOf({ target }: Sample): JsonValue {
  if (!Array.isArray(target)) return target ?? ''
  return target.length === 1 ? (target[0] as JsonValue) : target
}

function lettersOf(count: number): readonly string[] {
  return Array.from({ length: Math.min(count, 26) }, (_, index) => String.fromCharCode(65 + index))
}

function listed(choices: readonly string[]): string {
  const letters = lettersOf(choices.length)
  return choices.map((choice, index) => `${letters[index] ?? index + 1}) ${choice}`).join('\n')
}
