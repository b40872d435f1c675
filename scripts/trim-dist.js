/**
 * @file Makes dist/ what is shipped: comments and white space leave the code (editors read the comments of the types), and types leave that nobody can reach from the package's
 * entry points. Run after copy-assets.js.
 */
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { transform } from 'esbuild'

const root = fileURLToPath(new URL('..', import.meta.url))
const built = join(root, 'dist')
const { exports: entries } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))

/** Files that a file of types names, through all of them. */
function reachable(/** @type {readonly string[]} */ files) {
  const found = new Set(files)
  for (const file of found)
    for (const [, name] of readFileSync(file, 'utf8').matchAll(/\b(?:from |import\(|import )["'](\.[^"']+)["']/g))
      found.add(resolve(file, '..', name.replace(/\.[jt]s$/, '.d.ts')))
  return found
}

/** Whether a file of code comes from TypeScript: scripts of the report's page stay as they were written. */
function isCompiled(/** @type {string} */ file) {
  return existsSync(join(root, 'src', relative(built, file).replace(/\.js$/, '.ts')))
}

const files = readdirSync(built, { recursive: true, encoding: 'utf8' }).map((file) => join(built, file))
const typed = reachable(Object.values(entries).flatMap(({ types }) => (types === undefined ? [] : [join(root, types)])))
for (const file of files) if (file.endsWith('.d.ts') && !typed.has(file)) rmSync(file)
await Promise.all(
  files
    .filter((file) => file.endsWith('.js') && isCompiled(file))
    .map(async (file) => {
      const { code } = await transform(readFileSync(file, 'utf8'), {
        format: 'esm',
        target: 'node20',
        charset: 'utf8',
        minifyWhitespace: true,
        minifySyntax: true,
        legalComments: 'none',
      })
      writeFileSync(file, code)
    }),
)
