/**
 * @file Reads what a built entry point of the package declares: every exported name, and the text of each declaration that one of them leads to, without
 * comments. It knows the form that tsc writes, not TypeScript. Namespaces and other packages are not followed.
 */
import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'

interface DeclarationFile {
  /** Name to the text of its declarations. */
  readonly declared: ReadonlyMap<string, string>
  /** Local name to where it comes from. */
  readonly imported: ReadonlyMap<string, { readonly file: string; readonly name: string }>
  /** Exported name to where it comes from, for what the file hands on. */
  readonly handedOn: ReadonlyMap<string, { readonly file: string; readonly name: string }>
}

const STATEMENT = /^(?=(?:export|import|declare|interface|type|abstract|class) )/m
const DECLARED = /^(?:export )?(?:declare )?(?:abstract )?(?:interface|type|function|const|class) ([\w$]+)/
const FROM = /^(import|export) (?:type )?\{([^}]*)\} from ["'](\.[^"']+)["']/

const known = new Map<string, DeclarationFile>()

function read(file: string): DeclarationFile {
  const found = known.get(file) ?? parse(file)
  known.set(file, found)
  return found
}

function parse(file: string): DeclarationFile {
  const declared = new Map<string, string>()
  const imported = new Map<string, { readonly file: string; readonly name: string }>()
  const handedOn = new Map<string, { readonly file: string; readonly name: string }>()
  const code = readFileSync(file, 'utf8').replace(/^ *\/\*\*[\s\S]*?\*\/\n/gm, '')
  for (const statement of code.split(STATEMENT)) {
    const from = FROM.exec(statement)
    if (from !== null) {
      for (const part of (from[2] ?? '').split(',')) {
        const [name = '', as = name] = part
          .replace(/\btype /, '')
          .trim()
          .split(' as ')
        if (name !== '') (from[1] === 'import' ? imported : handedOn).set(as, { file: typesOf(file, from[3] ?? ''), name })
      }
      continue
    }
    const name = DECLARED.exec(statement)?.[1]
    if (name !== undefined)
      declared.set(name, `${declared.get(name) ?? ''}${statement.trim().replace(/^export (?:declare )?|^declare /, '')}\n`)
  }
  return { declared, imported, handedOn }
}

function typesOf(file: string, specifier: string): string {
  return resolve(file, '..', specifier.replace(/\.[jt]s$/, '.d.ts'))
}

/** Names that an entry point exports. */
export function exportedNames(entry: string): readonly string[] {
  const { declared, handedOn } = read(entry)
  return [...declared.keys(), ...handedOn.keys()].toSorted()
}

/** The declarations that the names of entry points lead to, sorted by name; the same text once. */
export function declarationsOf(entries: readonly string[]): readonly string[] {
  const found = new Map<string, string>()
  const visit = (file: string, name: string): void => {
    if (!existsSync(file) || found.has(`${name} ${file}`)) return
    const { declared, imported, handedOn } = read(file)
    const elsewhere = handedOn.get(name) ?? imported.get(name)
    const text = declared.get(name)
    if (text === undefined) return elsewhere === undefined ? undefined : visit(elsewhere.file, elsewhere.name)
    found.set(`${name} ${file}`, text)
    for (const [word] of text.matchAll(/[\w$]+/g)) if (word !== name && (declared.has(word) || imported.has(word))) visit(file, word)
    for (const [, path = '', member = ''] of text.matchAll(/import\(["'](\.[^"']+)["']\)\.([\w$]+)/g)) visit(typesOf(file, path), member)
  }
  for (const entry of entries) for (const name of exportedNames(entry)) visit(entry, name)
  const byName = [...found].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, text]) => text)
  return [...new Set(byName)]
}
