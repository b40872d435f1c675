/**
 * @file What identifies the code of users that decides grades: the sources of an eval file and of all that it imports, as far as its graders and its
 * parser reach them. Whatever loaded the file, the identity is the same; comments, layout and types do not count, cases and prompts have identities of
 * their own. Packages of node_modules count by their versions, files that the code names (src/identity/named-files.ts) by their contents, or as code where
 * they are code. What is read by names that are made as the code runs is not seen.
 */
import { existsSync, readFileSync, statSync } from 'node:fs'
import { basename, dirname, extname, join, resolve } from 'node:path'
import { build } from 'esbuild'
import type { BuildResult, OnResolveArgs, OnResolveResult, Plugin, PluginBuild } from 'esbuild'
import { hashFile, hashJson, sha256 } from '../base/hash.ts'
import { OURS } from './blank-data.ts'
import { namedFiles } from './named-files.ts'
import { readModule, SCRIPTS } from './read-module.ts'

/** 16 hexadecimal characters; null for a file that is not there or cannot be bundled, of which only what was loaded is known. */
export async function identifyUserCode(file: string): Promise<string | null> {
  const entry = resolve(file)
  return isFile(entry) && isCode(entry) ? await identifyModule(entry, new Set()) : null
}

/** `seen`: modules that are under way, which may name each other. */
async function identifyModule(entry: string, seen: Set<string>): Promise<string | null> {
  seen.add(entry)
  const packages = new Set<string>()
  try {
    const result = await build({
      entryPoints: [entry],
      absWorkingDir: dirname(entry),
      ...{ bundle: true, write: false, metafile: true, treeShaking: true, minifyWhitespace: true, minifySyntax: true },
      // What runs counts, whatever its package says of effects.
      ignoreAnnotations: true,
      ...{ format: 'esm', platform: 'node', target: 'esnext', legalComments: 'none', charset: 'utf8', logLevel: 'silent' },
      plugins: [userCode(entry, packages)],
    })
    const code = result.outputFiles?.[0]?.text ?? ''
    return hashJson([code, [...packages].toSorted(), await readFiles(result, { code, entry, seen })])
  } catch {
    return null
  }
}

/** Reads the user's own files, and leaves packages outside. */
function userCode(entry: string, packages: Set<string>): Plugin {
  return {
    name: 'user-code',
    setup(own) {
      own.onResolve({ filter: /^[^./]/ }, (asked) => resolvePackage(own, asked, packages))
      own.onLoad({ filter: /.*/ }, async ({ path }) => {
        const loader = SCRIPTS[extname(path)]
        if (loader === undefined) return { contents: readFileSync(path), loader: 'binary' }
        if (path !== entry || loader === 'json') return null
        return { contents: (await readModule(path, { isEntry: true })).javascript, loader: 'js', resolveDir: dirname(path) }
      })
    },
  }
}

const ASKED_BEFORE = 'resolved by esbuild itself'

/** A path alias or a package of the same workspace is the user's own code; what lies in node_modules goes by name and version. */
async function resolvePackage(own: PluginBuild, asked: OnResolveArgs, packages: Set<string>): Promise<OnResolveResult | null> {
  if (asked.pluginData === ASKED_BEFORE || asked.kind === 'entry-point') return null
  if (OURS.test(asked.path)) return { path: asked.path, external: true }
  const { importer, kind, namespace, resolveDir } = asked
  const found = await own.resolve(asked.path, { importer, kind, namespace, resolveDir, pluginData: ASKED_BEFORE })
  if (found.errors.length > 0 || found.external) return { path: asked.path, external: true }
  if (!/[/\\]node_modules[/\\]/.test(found.path)) return { path: found.path }
  packages.add(`${asked.path} ${versionOf(found.path)}`)
  return { path: asked.path, external: true }
}

/** Of the package that a file belongs to; where it has none, what stands in the file. */
function versionOf(path: string): string {
  for (let folder = dirname(path); basename(folder) !== 'node_modules'; folder = dirname(folder)) {
    const manifest = join(folder, 'package.json')
    if (!existsSync(manifest)) continue
    const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { readonly version?: unknown }
    if (typeof version === 'string') return version
  }
  return sha256(readFileSync(path))
}

/** Names of the files that modules of the bundle name, and what is in them. */
async function readFiles(
  result: BuildResult,
  { code, entry, seen }: { readonly code: string; readonly entry: string; readonly seen: Set<string> },
): Promise<readonly (readonly [string, string | null])[]> {
  // Sorted: the bundler notes them in the order in which they were read.
  const modules = Object.keys(result.metafile?.inputs ?? {})
    .map((path) => resolve(dirname(entry), path))
    .toSorted()
  const bundled = new Set(modules)
  const running = { isUsed: (text: string) => code.includes(text), isKnown: (path: string) => bundled.has(path) || seen.has(path) }
  const read: (readonly [string, string | null])[] = []
  for (const module of modules.filter((path) => isFile(path) && isCode(path))) {
    const { texts } = await readModule(module, { isEntry: module === entry })
    for (const { name, path } of namedFiles(texts, module, running))
      // A module that was named before may have come to this one meanwhile.
      if (!seen.has(path)) read.push([name, isCode(path) ? await identifyModule(path, seen) : await contentOf(path)])
  }
  // Two modules may call two files by one name.
  return read.toSorted((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1))
}

/** Weights that a suite names have an identity of their own, and take minutes to read. */
const LARGEST_BYTES = 64 * 2 ** 20

async function contentOf(path: string): Promise<string> {
  const { size } = statSync(path)
  return size > LARGEST_BYTES ? `${size} bytes` : await hashFile(path)
}

function isCode(path: string): boolean {
  return SCRIPTS[extname(path)] !== undefined && extname(path) !== '.json'
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false
}
