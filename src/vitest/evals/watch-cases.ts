/**
 * @file Tells vitest's watch mode which files an eval reads without importing them: a change of its cases runs it again, as a change of a
 * grader does by itself. Only what the file names with `new URL('…', import.meta.url)` is found; nothing is read.
 */
import { existsSync, readdirSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { Vite } from 'vitest/node'

const NAMED_FILE = /new\s+URL\(\s*(?<quote>['"`])(?<path>\.[^'"`$]+)\k<quote>\s*,\s*import\.meta\.url\s*\)/g

/** A plugin that adds the files which an eval file names to those that it depends on. */
export function watchCases(): Vite.Plugin {
  return {
    name: 'holdfast:watch-cases',
    // Before others rewrite the code.
    enforce: 'pre',
    transform(code, id) {
      const [file = ''] = id.split('?', 1)
      if (!/\.[cm]?[jt]s$/.test(file) || file.includes('/node_modules/')) return null
      for (const path of namedFiles(code, file)) this.addWatchFile(path)
      return null
    },
  }
}

/** Absolute paths of the existing files that code names beside itself; a folder stands for the files in it. */
export function namedFiles(code: string, file: string): readonly string[] {
  return [...code.matchAll(NAMED_FILE)].flatMap(({ groups }) => {
    const path = resolve(dirname(file), groups?.['path'] ?? '')
    if (!existsSync(path)) return []
    if (!statSync(path).isDirectory()) return [path]
    return readdirSync(path, { withFileTypes: true }).flatMap((entry) => (entry.isFile() ? [join(path, entry.name)] : []))
  })
}
