/**
 * @file A module of users as plain JavaScript, and the texts in it. What was made of a source is kept beside the source itself: the same text is read as
 * code once in a process, a changed one always again. It looks at no other file.
 */
import { readFileSync } from 'node:fs'
import { extname } from 'node:path'
import { transform } from 'esbuild'
import type { Loader } from 'esbuild'
import { blankData } from './blank-data.ts'
import { namingTexts, type NamingTexts } from './named-files.ts'

/** How files are read, by their extension. */
export const SCRIPTS: Readonly<Record<string, Loader>> = {
  ...{ '.ts': 'ts', '.mts': 'ts', '.cts': 'ts', '.tsx': 'tsx' },
  ...{ '.js': 'js', '.mjs': 'js', '.cjs': 'js', '.jsx': 'jsx', '.json': 'json' },
}

export interface ReadModule {
  /** Types and comments are gone; of an entry, its data too. */
  readonly javascript: string
  readonly texts: NamingTexts
}

interface Reading extends ReadModule {
  readonly source: string
}

const readings = new Map<string, Reading>()
/** A process that looks at ever other modules forgets those that it read first. */
const MOST_READINGS = 5000

/** @throws BuildFailure for source that is no code */
export async function readModule(path: string, { isEntry }: { readonly isEntry: boolean }): Promise<ReadModule> {
  const source = readFileSync(path, 'utf8')
  const key = `${isEntry ? 'entry' : 'module'} ${path}`
  const known = readings.get(key)
  if (known?.source === source) return known
  const { code } = await transform(source, { loader: SCRIPTS[extname(path)] ?? 'js', format: 'esm', target: 'esnext' })
  const javascript = isEntry ? blankData(code) : code
  const reading = { source, javascript, texts: namingTexts(javascript) }
  const [oldest] = readings.keys()
  if (oldest !== undefined && readings.size >= MOST_READINGS) readings.delete(oldest)
  readings.set(key, reading)
  return reading
}
