/**
 * @file Copies the files under src/ that are not TypeScript (page templates, styles, scripts of the report, the Python runner)
 * to the mirrored place under dist/, because plain tsc emits only what it compiles.
 */
import { cpSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
cpSync(`${root}src`, `${root}dist`, { recursive: true, filter: (path) => !path.endsWith('.ts') })
rmSync(`${root}dist/.tsbuildinfo`, { force: true })
