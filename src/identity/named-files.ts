/**
 * @file The files that a module names in its texts, and so may read or load as it runs: by a path relative to itself or to its package, whole or put
 * together from neighbouring texts. It cannot see names that are made as the code runs.
 */
import { existsSync, readdirSync, statSync } from 'node:fs'
import type { Stats } from 'node:fs'
import { dirname, isAbsolute, join, relative } from 'node:path'
import type { AnyNode } from 'acorn'
import { childrenOf, parsed } from './parse-code.ts'

/** A text of a module, and a file that it names. */
export interface NamedFile {
  /** As the module writes it; for a file of a folder, with its name there. */
  readonly name: string
  readonly path: string
}

const LONGEST_NAME = 400
/** What the system makes up when it is read is another at every look. */
const SYSTEM = /^\/(?:proc|sys|dev|run)\//
/** A folder with more is no folder of settings. */
const MOST_FILES = 2000

/** What is known of the code that a module belongs to. */
interface RunningCode {
  /** Whether a text is in what runs. */
  readonly isUsed: (text: string) => boolean
  /** Whether a file counts already. */
  readonly isKnown: (path: string) => boolean
}

/** Files that the texts of a module at `module` name, and that are not known. */
export function namedFiles(texts: NamingTexts, module: string, { isUsed, isKnown }: RunningCode): readonly NamedFile[] {
  const folder = dirname(module)
  const roots = [...new Set([folder, packageRoot(folder)])]
  return [...texts].flatMap(([name, last]) => {
    const candidates = [...roots.map((root) => join(root, name)), ...(isAbsolute(name) ? [name] : [])]
    // Most texts name nothing, or what was imported: that is asked first, because it costs less.
    const found = candidates.filter((path) => !isKnown(path) && canHold(name, path, folder))
    return found.length > 0 && isUsed(last) ? found.flatMap((path) => filesAt(name, path).filter((file) => !isKnown(file.path))) : []
  })
}

/** Whether it is a file, or a folder that is named as one (`./rubrics/`) and that the module does not lie in. */
function canHold(name: string, path: string, folder: string): boolean {
  const found = statOf(path)
  if (found === null || SYSTEM.test(path)) return false
  return found.isFile() || (found.isDirectory() && /^\.{1,2}\/.*\w/.test(name) && relative(path, folder).startsWith('..'))
}

/** The file itself; of a folder, its files. */
function filesAt(name: string, path: string): readonly NamedFile[] {
  if (statOf(path)?.isDirectory() !== true) return [{ name, path }]
  // A model has an identity of its own.
  if (existsSync(join(path, 'config.json'))) return []
  return filesBelow(path).map((file) => ({ name: `${name} ${relative(path, file)}`, path: file }))
}

/** Null too for texts that can name no file at all. */
function statOf(path: string): Stats | null {
  try {
    return statSync(path, { throwIfNoEntry: false }) ?? null
  } catch {
    return null
  }
}

function filesBelow(folder: string): readonly string[] {
  const entries = readdirSync(folder, { withFileTypes: true }).filter(({ name }) => name !== 'node_modules' && !name.startsWith('.'))
  const files = entries.flatMap((entry) => {
    const path = join(folder, entry.name)
    return entry.isDirectory() ? filesBelow(path) : entry.isFile() ? [path] : []
  })
  return files.toSorted().slice(0, MOST_FILES)
}

function packageRoot(folder: string): string {
  for (let root = folder; dirname(root) !== root; root = dirname(root)) if (existsSync(join(root, 'package.json'))) return root
  return folder
}

interface NamingText {
  readonly whole: string
  /** The text that ends it, as it stands in the code. */
  readonly last: string
}

/** By what may be a name, the text that ends it in the code. */
export type NamingTexts = ReadonlyMap<string, string>

/** The texts of a module that may name files. None where it cannot be parsed. */
export function namingTexts(javascript: string): NamingTexts {
  const program = parsed(javascript)
  const texts = program === null ? [] : [...textsIn(program)]
  return new Map(texts.flatMap(({ whole, last }) => (whole.length <= LONGEST_NAME ? [[whole, last] as const] : [])))
}

/** Each text by itself, and those that are given to a call one after another as one path. */
function* textsIn(node: AnyNode): Generator<NamingText> {
  const own = textOf(node)
  if (own !== null) yield { whole: own, last: own }
  if (node.type === 'CallExpression' || node.type === 'NewExpression') yield* joinedTexts(node.arguments)
  for (const child of childrenOf(node)) yield* textsIn(child)
}

function* joinedTexts(given: readonly AnyNode[]): Generator<NamingText> {
  let run: string[] = []
  for (const argument of given) {
    const text = textOf(argument)
    run = text === null ? [] : [...run, text]
    if (text !== null && run.length > 1) yield { whole: run.join('/'), last: text }
  }
}

/** Of a template the pieces come by themselves. */
function textOf(node: AnyNode): string | null {
  if (node.type === 'Literal') return typeof node.value === 'string' && node.value !== '' ? node.value : null
  if (node.type === 'TemplateElement') return node.value.cooked || null
  return node.type === 'TemplateLiteral' && node.quasis.length === 1 ? (node.quasis[0]?.value.cooked ?? null) : null
}
