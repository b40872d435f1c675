/**
 * @file Loads a user's eval or suite file, which is TypeScript that nobody builds, through tsx. Checks that its default export is what was
 * asked for; what stands inside is checked by src/eval and src/suite.
 */
import { existsSync, statSync } from 'node:fs'
import { register as registerHooks } from 'node:module'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { register } from 'tsx/esm/api'
import { isHoldfastError } from '../base/errors.ts'
import { projectFolders } from '../base/project-folders.ts'
import type { EvalDefinition } from '../eval/eval.ts'
import type { SuiteDefinition } from '../suite/suite.ts'
import { DefaultExportError, FileNotFoundError, UserFileError } from './errors.ts'
import { registerPathAliases } from './path-aliases.ts'

/** A user's definition and the file it came from. */
export interface Loaded<Definition> {
  readonly definition: Definition
  /** Absolute path. */
  readonly file: string
}

/** The eval in a file, given as a path or as the name of a folder under the project's evals. */
export async function loadEval(given: string): Promise<Loaded<EvalDefinition>> {
  const file = findFile('eval', given, [given, join(projectFolders().evals, given, `${lastPart(given)}.eval.ts`)])
  return { definition: (await importDefinition(file, 'eval')) as EvalDefinition, file }
}

/** The suite in a file, given as a path or as a name under the project's suites. */
export async function loadSuite(given: string): Promise<Loaded<SuiteDefinition>> {
  const file = findFile('suite', given, [given, join(projectFolders().suites, `${given}.suite.ts`)])
  return { definition: (await importDefinition(file, 'suite')) as SuiteDefinition, file }
}

function lastPart(given: string): string {
  return given.split(/[/\\]/).findLast((part) => part !== '') ?? given
}

function findFile(what: 'eval' | 'suite', given: string, candidates: readonly string[]): string {
  const tried = candidates.map((candidate) => resolve(candidate))
  const found = tried.find((path) => existsSync(path) && statSync(path).isFile())
  if (found === undefined) throw new FileNotFoundError({ what, given, tried })
  return found
}

async function importDefinition(file: string, wanted: 'eval' | 'suite'): Promise<unknown> {
  const exported = defaultExport(await importUserFile(file))
  if (kindOf(exported) !== `holdfast.${wanted}-definition`) throw new DefaultExportError({ path: file, wanted, found: describe(exported) })
  return exported
}

let registered = false

async function importUserFile(file: string): Promise<unknown> {
  // Registered once and left in place: an eval's prompt function may import further files when it is called.
  // Without a namespace, so that the user's `import … from 'holdfast'` reaches this very copy of the package.
  if (!registered) registerLoaders()
  registered = true
  try {
    return await import(pathToFileURL(file).href)
  } catch (error) {
    if (isHoldfastError(error)) throw error
    throw new UserFileError({ path: file, reason: error instanceof Error ? error.message : JSON.stringify(error) }, { cause: error })
  }
}

/**
 * tsx, and below it a word on formats: eval and suite files are ES modules also in a package that says nothing of modules, where Node 20 would take them
 * for CommonJS and then refuse the cycle of requiring and importing. Other files of such a package stay what they are.
 */
function registerLoaders(): void {
  register()
  registerPathAliases()
  registerHooks(`data:text/javascript,${encodeURIComponent(DEFINITIONS_ARE_MODULES)}`)
}

const DEFINITIONS_ARE_MODULES = `export async function resolve(specifier, context, next) {
  const found = await next(specifier, context)
  return /\\.(eval|suite)\\.ts([?#]|$)/.test(found.url) ? { ...found, format: 'module' } : found
}`

/** The default export; a package without `"type": "module"` gives it one level deeper. */
function defaultExport(module: unknown): unknown {
  const outer = memberOf(module, 'default')
  const inner = memberOf(outer, 'default')
  return inner === undefined ? outer : inner
}

function kindOf(value: unknown): unknown {
  return memberOf(value, 'kind')
}

function memberOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && key in value ? (value as Record<string, unknown>)[key] : undefined
}

function describe(value: unknown): string {
  if (value === undefined) return 'missing'
  const kind = kindOf(value)
  if (kind === 'holdfast.eval-definition') return 'an eval'
  if (kind === 'holdfast.suite-definition') return 'a suite'
  return `${typeof value === 'object' ? 'an object' : `a ${typeof value}`} that Holdfast does not know`
}
