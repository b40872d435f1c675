/**
 * @file The page's script: its modules joined inside one function, each after what it imports, without their import and export words. The page
 * stands alone, so what modules need of the package (the list of steering characters) becomes a constant of the script.
 */
import { readFileSync } from 'node:fs'
import { STEERING } from '../base/steering-characters.ts'
import { InternalError } from '../base/errors.ts'

const IMPORT = /^import \{ ([^}]+) \} from '([^']+)'\n/gm
/** What a page script may import from TypeScript, as text of the script. */
const CONSTANTS: Readonly<Record<string, string>> = { STEERING: String(STEERING) }

/** The script that runs these modules in their order. */
export function pageScript(entries: readonly URL[]): string {
  const bodies = new Map<string, string>()
  for (const entry of entries) addModule(entry, bodies)
  const constants = Object.entries(CONSTANTS).map(([name, text]) => `const ${name} = ${text}\n`)
  return `(() => {\n'use strict'\n${[...constants, ...bodies.values()].join('\n')}\n})()\n`
}

function addModule(url: URL, bodies: Map<string, string>): void {
  if (bodies.has(url.href)) return
  const text = readFileSync(url, 'utf8').replaceAll('\r\n', '\n')
  for (const [, names = '', path = ''] of text.matchAll(IMPORT)) {
    if (path.endsWith('.js')) addModule(new URL(path, url), bodies)
    else for (const name of names.split(', ')) if (!(name in CONSTANTS)) throw new InternalError(`no constant "${name}"`, url.pathname)
  }
  bodies.set(url.href, text.replace(IMPORT, '').replace(/^export /gm, ''))
}
