/**
 * @file What identifies the code of users that decides grades: the sources of an eval file and of all that it imports, as far as its graders and its
 * parser reach them. Whatever loaded the file, the identity is the same; comments, layout and types do not count, cases and prompts have identities of
 * their own. Packages of node_modules count by their versions, files that code reads by `new URL('./…', import.meta.url)` by their contents. What is read
 * by other paths is not seen.
 */
import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, extname, join, resolve } from 'node:path'
import { build, transform } from 'esbuild'
import type { BuildResult, Loader, OnResolveArgs, OnResolveResult, Plugin, PluginBuild } from 'esbuild'
import { hashJson, sha256 } from '../base/hash.ts'
import { blankData } from './blank-data.ts'

const SCRIPTS: Readonly<Record<string, Loader>> = {
  ...{ '.ts': 'ts', '.mts': 'ts', '.cts': 'ts', '.tsx': 'tsx' },
  ...{ '.js': 'js', '.mjs': 'js', '.cjs': 'js', '.jsx': 'jsx', '.json': 'json' },
}
/** Its built-in graders carry versions of their own. */
const OURS = /^holdfast(\/|$)/
const READ_FILE = /new\s+URL\(\s*(["'`])(\.{1,2}\/[^"'`]+)\1\s*,\s*import\.meta\.url\s*\)/g

/** 16 hexadecimal characters; null for a file that is not there or cannot be bundled, of which only what was loaded is known. */
export async function identifyUserCode(file: string): Promise<string | null> {
  const entry = resolve(file)
  if (!isFile(entry) || SCRIPTS[extname(entry)] === undefined) return null
  const packages = new Map<string, string>()
  try {
    const result = await build({
      entryPoints: [entry],
      absWorkingDir: dirname(entry),
      ...{ bundle: true, write: false, metafile: true, treeShaking: true, minifyWhitespace: true, minifySyntax: true },
      ...{ format: 'esm', platform: 'node', target: 'esnext', legalComments: 'none', charset: 'utf8', logLevel: 'silent' },
      plugins: [userCode(entry, packages)],
    })
    const code = result.outputFiles?.[0]?.text ?? ''
    return hashJson([code, [...packages].map((named) => named.join(' ')).toSorted(), readFiles(result, code, dirname(entry))])
  } catch {
    return null
  }
}

/** Reads the user's own files, and leaves packages outside. */
function userCode(entry: string, packages: Map<string, string>): Plugin {
  return {
    name: 'user-code',
    setup(own) {
      own.onResolve({ filter: /^[^./]/ }, (asked) => resolvePackage(own, asked, packages))
      own.onLoad({ filter: /.*/ }, async ({ path }) => {
        const loader = SCRIPTS[extname(path)]
        if (loader === undefined) return { contents: readFileSync(path), loader: 'binary' }
        if (path !== entry || loader === 'json') return null
        const { code } = await transform(readFileSync(path, 'utf8'), { loader, format: 'esm', target: 'esnext' })
        return { contents: blankData(code), loader: 'js', resolveDir: dirname(path) }
      })
    },
  }
}

const ASKED_BEFORE = 'resolved by esbuild itself'

/** A path alias or a package of the same workspace is the user's own code; what lies in node_modules goes by name and version. */
async function resolvePackage(own: PluginBuild, asked: OnResolveArgs, packages: Map<string, string>): Promise<OnResolveResult | null> {
  if (asked.pluginData === ASKED_BEFORE || asked.kind === 'entry-point') return null
  if (OURS.test(asked.path)) return { path: asked.path, external: true }
  const { importer, kind, namespace, resolveDir } = asked
  const found = await own.resolve(asked.path, { importer, kind, namespace, resolveDir, pluginData: ASKED_BEFORE })
  if (found.errors.length > 0 || found.external) return { path: asked.path, external: true }
  if (!/[/\\]node_modules[/\\]/.test(found.path)) return { path: found.path }
  packages.set(asked.path, versionOf(found.path))
  return { path: asked.path, external: true }
}

/** Of the package that a file belongs to. */
function versionOf(path: string): string {
  for (let folder = dirname(path); dirname(folder) !== folder; folder = dirname(folder)) {
    const manifest = join(folder, 'package.json')
    if (!existsSync(manifest)) continue
    const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { readonly version?: unknown }
    if (typeof version === 'string') return version
  }
  return ''
}

/** Contents of the files that the bundled code names relative to itself. */
function readFiles(result: BuildResult, code: string, folder: string): readonly (readonly [string, string])[] {
  const modules = Object.keys(result.metafile?.inputs ?? {}).map((path) => resolve(folder, path))
  const named = modules.filter(isFile).flatMap((module) =>
    [...readFileSync(module, 'utf8').matchAll(READ_FILE)].flatMap(([, , path = '']) => {
      const file = resolve(dirname(module), path)
      return code.includes(path) && isFile(file) ? [[path, sha256(readFileSync(file))] as const] : []
    }),
  )
  return named.toSorted(([one], [other]) => (one < other ? -1 : 1))
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false
}
