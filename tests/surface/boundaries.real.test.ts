/**
 * @file Plants a violation of every house rule that lint keeps and expects a complaint: a checker that sees nothing also passes.
 * The planted files lie in a copy of the folder tree with this repository's own lint configuration, whose tables say what must be refused.
 */
import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'

/** Patterns of packages that are not a name, and names that they must match. */
const SPELLINGS: Readonly<Record<string, readonly string[]>> = {
  'hyparquet(-compressors)?': ['hyparquet', 'hyparquet-compressors'],
  '@jitl': ['@jitl/quickjs-wasmfile-release-sync'],
  tsx: ['tsx', 'tsx/esm/api'],
}

const root = fileURLToPath(new URL('../..', import.meta.url))
const oxlint = join(root, 'node_modules', 'oxlint', 'bin', 'oxlint')

interface LintTables {
  readonly LAYERS: Readonly<Record<string, readonly string[]>>
  readonly OWNERS: Readonly<Record<string, { readonly by: readonly string[] }>>
  readonly importsOf: (folder: string) => readonly string[]
}
const { importsOf, LAYERS, OWNERS } = (await import(join(root, 'oxlint.config.js'))) as LintTables
const folders = Object.keys(LAYERS)
/** One package of each pattern. */
const packages = Object.entries(OWNERS).flatMap(([pattern, { by }]) => (SPELLINGS[pattern] ?? [pattern]).map((name) => ({ name, by })))

const value = 'export const made: number = 1\n'
const importOf = (path: string): string => `import { made } from '${path}'\nexport const used: number = made\n`

/** Planted files, by path, and the rule that must complain. */
function plantedFiles(): ReadonlyMap<string, { readonly source: string; readonly rule: string }> {
  const files = new Map<string, { source: string; rule: string }>()
  const plant = (path: string, rule: string, source: string): unknown => files.set(path, { source, rule })
  for (const layer of folders) {
    for (const other of folders) {
      if (other === layer || other === 'base') continue
      const rule = importsOf(layer).includes(other) ? 'none' : 'no-restricted-imports'
      plant(`src/${layer}/uses-${other}.ts`, rule, importOf(`../${other}/value.ts`))
      plant(`src/${layer}/deep/uses-${other}.ts`, rule, importOf(`../../${other}/value.ts`))
    }
    plant(`src/${layer}/uses-base.ts`, 'none', importOf('../base/value.ts'))
    for (const { name, by } of packages)
      plant(`src/${layer}/package-${name.replaceAll('/', '-')}.ts`, by.includes(layer) ? 'none' : 'no-restricted-imports', importOf(name))
  }
  for (const { name, by } of packages) for (const owner of by) if (owner.endsWith('.ts')) plant(`src/${owner}`, 'none', importOf(name))
  plant('src/eval/public-list.ts', 'no-restricted-imports', importOf('../index.ts'))
  plant('src/gate/cycle-a.ts', 'no-cycle', `import { b } from './cycle-b.ts'\nexport const a: () => unknown = () => b\n`)
  plant('src/gate/cycle-b.ts', 'no-cycle', `import { a } from './cycle-a.ts'\nexport const b: () => unknown = () => a\n`)
  plant('src/gate/cycle-of-types-a.ts', 'no-cycle', `import type { B } from './cycle-of-types-b.ts'\nexport type A = B | 1\n`)
  plant('src/gate/cycle-of-types-b.ts', 'no-cycle', `import type { A } from './cycle-of-types-a.ts'\nexport interface B {\n  a: A\n}\n`)
  plant('src/gate/uses-on-use.ts', 'no-restricted-imports', `export const later: () => unknown = async () => import('../round/value.ts')\n`)
  plant('src/gate/default-export.ts', 'no-default-export', 'export default 1\n')
  plant('src/gate/talks.ts', 'no-console', `console.log('hello')\n`)
  plant('src/cli/talks.ts', 'none', `console.log('hello')\n`)
  plant('src/gate/ends.ts', 'no-process-exit', 'process.exit(1)\n')
  plant('src/gate/long.ts', 'max-lines', Array.from({ length: 301 }, (_, line) => `export const line${line}: number = ${line}\n`).join(''))
  plant(
    'src/gate/many.ts',
    'max-params',
    'export function many(a: number, b: number, c: number, d: number): number {\n  return a + b + c + d\n}\n',
  )
  plant('src/gate/loose.ts', 'no-explicit-any', 'export const loose: any = 1\n')
  plant('src/gate/floats.ts', 'no-floating-promises', `import { readFile } from 'node:fs/promises'\n\nreadFile('x')\n`)
  plant('tests/gate/focused.test.ts', 'no-focused-tests', testFile(`it.only('adds', () => {\n  expect(1 + 1).toBe(2)\n})`))
  plant('tests/gate/empty.test.ts', 'expect-expect', testFile(`it('adds', () => {})`))
  plant('tests/gate/mocks.test.ts', 'no-restricted-vi-methods', testFile(`vi.mock('x')\nit('adds', () => {\n  expect(1 + 1).toBe(2)\n})`))
  plant('tests/gate/fine.test.ts', 'none', testFile(`it('adds', () => {\n  expect(1 + 1).toBe(2)\n})`))
  return files
}

function testFile(body: string): string {
  return `import { expect, it, vi } from 'vitest'\n\n${body}\nexport const used: unknown = [expect, vi]\n`
}

const planted = plantedFiles()
let project = ''
let complaints: ReadonlyMap<string, readonly string[]> = new Map()

beforeAll(async () => {
  project = mkdtempSync(join(tmpdir(), 'holdfast-planted-'))
  cpSync(join(root, 'oxlint.config.js'), join(project, 'oxlint.config.js'))
  cpSync(join(root, 'tsconfig.json'), join(project, 'tsconfig.json'))
  for (const layer of folders) write(`src/${layer}/value.ts`, value)
  write('src/index.ts', value)
  for (const [path, file] of planted) write(path, file.source)
  symlinkSync(join(root, 'node_modules'), join(project, 'node_modules'))
  complaints = await lint()
})

afterAll(() => rmSync(project, { recursive: true, force: true }))

function write(path: string, source: string): void {
  mkdirSync(dirname(join(project, path)), { recursive: true })
  writeFileSync(join(project, path), source)
}

/** Rule names by file. */
async function lint(): Promise<ReadonlyMap<string, readonly string[]>> {
  const args = [oxlint, '-c', 'oxlint.config.js', '--no-ignore', '--format', 'json', 'src', 'tests']
  const out = await new Promise<string>((resolve) => {
    execFile(process.execPath, args, { cwd: project, maxBuffer: 1e8 }, (_, stdout, stderr) => resolve(stdout === '' ? stderr : stdout))
  })
  const { diagnostics } = JSON.parse(out.slice(out.indexOf('{'))) as { diagnostics: readonly { filename: string; code: string }[] }
  const byFile = new Map<string, string[]>()
  for (const { filename, code } of diagnostics) {
    const rule = /\((.*)\)/.exec(code)?.[1] ?? code
    byFile.set(filename, [...(byFile.get(filename) ?? []), rule])
  }
  return byFile
}

/** Planted files whose expectation did not come true, as "path: expected, found". */
function surprises(paths: readonly string[]): readonly string[] {
  return paths.flatMap((path) => {
    const expected = planted.get(path)?.rule ?? 'none'
    const found = (complaints.get(path) ?? []).filter(
      (rule) => expected !== 'none' || rule === 'no-restricted-imports' || path.includes('fine'),
    )
    const right = expected === 'none' ? found.length === 0 : found.includes(expected)
    return right ? [] : [`${path}: expected ${expected}, found ${found.join(', ') || 'nothing'}`]
  })
}

it('LAYERS names every folder of src/ once, and allows no circle of folders', () => {
  const inSource = readdirSync(join(root, 'src'), { withFileTypes: true }).filter((entry) => entry.isDirectory())
  expect(inSource.map((entry) => entry.name).filter((name) => !folders.includes(name))).toEqual([])
  const upwards = folders.flatMap((folder, index) => importsOf(folder).filter((other) => folders.indexOf(other) > index))
  expect(upwards).toEqual([])
})

it('oxlint complains of every import across the layers that is not allowed, and of no other', () => {
  const paths = [...planted.keys()].filter((path) => /^src\/.*(uses|package|public)-/.test(path) || path === 'src/engine/session.ts')
  expect(paths.length).toBeGreaterThan(500)
  expect(surprises(paths)).toEqual([])
})

it('oxlint complains of cycles, default exports, console, process.exit, long files, long parameter lists, any, floating promises', () => {
  const paths = [...planted.keys()].filter((path) => /^src\/(gate|cli)\/(cycle|default|talks|ends|long|many|loose|floats)/.test(path))
  expect(paths.length).toBe(12)
  expect(surprises(paths)).toEqual([])
})

it('oxlint complains of focused tests, tests without assertions and mocks', () => {
  const paths = [...planted.keys()].filter((path) => path.startsWith('tests/'))
  expect(paths.length).toBe(4)
  expect(surprises(paths)).toEqual([])
})
