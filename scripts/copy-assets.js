/**
 * @file Copies the files under src/ that are not TypeScript (page templates, styles, scripts of the report, the Python runner)
 * to the mirrored place under dist/, because plain tsc emits only what it compiles, and removes from dist/ what has no source any more: it would be shipped.
 */
import { cpSync, existsSync, readdirSync, rmSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const [source, built] = [join(root, 'src'), join(root, 'dist')]
cpSync(source, built, { recursive: true, filter: (path) => !path.endsWith('.ts') })

for (const entry of readdirSync(built, { recursive: true, withFileTypes: true })) {
  const path = join(entry.parentPath, entry.name)
  if (!existsSync(path) || hasSource(relative(built, path))) continue
  rmSync(path, { recursive: true, force: true })
}

/** Whether a file of dist/ is copied or compiled from one of src/, or a folder stands in both. */
function hasSource(/** @type {string} */ path) {
  const compiled = path.replace(/(\.d\.ts|\.js)$/, '.ts')
  return existsSync(join(source, path)) || (compiled !== path && existsSync(join(source, compiled)))
}
