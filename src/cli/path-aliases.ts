/**
 * @file Path aliases of tsconfig.json for what a user's files import: each file's own, so that packages of a workspace keep theirs, wherever the command
 * was started. What CommonJS files require is left to tsx, which knows the aliases of the working directory.
 */
import { createRequire, register } from 'node:module'
import { pathToFileURL } from 'node:url'

/** Call it after the loaders that know endings: what an alias stands for is resolved by those. */
export function registerPathAliases(): void {
  const reader = pathToFileURL(createRequire(import.meta.url).resolve('get-tsconfig')).href
  register(`data:text/javascript,${encodeURIComponent(HOOKS.replace('READER', JSON.stringify(reader)))}`)
}

// As text, because hooks run in a thread of their own, which reads no TypeScript. An alias is tried before a package of the same name, as TypeScript does;
// where nothing is found, the usual error names the import as it is written.
const HOOKS = `import tsconfigs from READER
import { dirname } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
const matchers = new Map()
function aliased(specifier, parent) {
  if (/^(\\.|\\/|[a-z]+:)/i.test(specifier) || !parent?.startsWith('file:') || parent.includes('/node_modules/')) return []
  const folder = dirname(fileURLToPath(parent))
  if (!matchers.has(folder)) matchers.set(folder, readMatcher(folder))
  return matchers.get(folder)?.(specifier) ?? []
}
function readMatcher(folder) {
  try {
    const found = tsconfigs.getTsconfig(folder)
    return found === null ? null : tsconfigs.createPathsMatcher(found)
  } catch {
    return null
  }
}
export async function resolve(specifier, context, next) {
  for (const path of aliased(specifier, context.parentURL)) {
    try {
      return await next(pathToFileURL(path).href, context)
    } catch (error) {
      if (!['ERR_MODULE_NOT_FOUND', 'ERR_UNSUPPORTED_DIR_IMPORT', 'MODULE_NOT_FOUND'].includes(error?.code)) throw error
    }
  }
  return next(specifier, context)
}`
