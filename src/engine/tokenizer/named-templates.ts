/**
 * @file The chat templates that a model was published with, by name, from every file where transformers keeps them. It renders nothing.
 */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { ModelConfigError } from '../errors.ts'
import { readOptionalJsonFile, readTextFile } from '../checkpoint/read-json-file.ts'

/** Folder of further templates, one a file. */
export const TEMPLATE_FOLDER = 'additional_chat_templates'

const MAX_TEMPLATES = 100

/** Sources by name; a single template is called "default". `path` is the file that a message about the default should name. */
export interface NamedTemplates {
  readonly path: string
  readonly sources: ReadonlyMap<string, string>
}

/**
 * chat_template.jinja, else `chat_template` of tokenizer_config.json (one text, a list or a mapping of named ones), else of chat_template.json;
 * and the folder's templates, which come before those of the same name.
 */
export function readNamedTemplates(directory: string, tokenizerConfig: Readonly<Record<string, unknown>>): NamedTemplates {
  const file = join(directory, 'chat_template.jinja')
  const legacy = join(directory, 'chat_template.json')
  const configured = namedSources(tokenizerConfig['chat_template'])
  const further = furtherTemplates(directory)
  if (existsSync(file)) return { path: file, sources: new Map([['default', readTextFile(file)], ...further]) }
  if (configured.length > 0 || !existsSync(legacy))
    return { path: join(directory, 'tokenizer_config.json'), sources: new Map([...configured, ...further]) }
  return { path: legacy, sources: new Map([...namedSources(readOptionalJsonFile(legacy)?.['chat_template']), ...further]) }
}

function furtherTemplates(directory: string): readonly [string, string][] {
  const folder = join(directory, TEMPLATE_FOLDER)
  if (!existsSync(folder)) return []
  const files = readdirSync(folder).filter((name) => name.endsWith('.jinja'))
  if (files.length > MAX_TEMPLATES)
    throw new ModelConfigError({ path: folder, problem: `The folder holds ${files.length} chat templates, more than ${MAX_TEMPLATES}` })
  return files.toSorted().map((name) => [name.slice(0, -'.jinja'.length), readTextFile(join(folder, name))])
}

function namedSources(value: unknown): readonly [string, string][] {
  if (typeof value === 'string') return [['default', value]]
  if (typeof value !== 'object' || value === null) return []
  const entries: readonly (readonly [unknown, unknown])[] = Array.isArray(value)
    ? (value as readonly Readonly<Record<string, unknown>>[]).map((entry) => [entry?.['name'], entry?.['template']])
    : Object.entries(value)
  return entries.filter((entry): entry is [string, string] => typeof entry[0] === 'string' && typeof entry[1] === 'string')
}
