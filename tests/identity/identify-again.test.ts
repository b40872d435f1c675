import { mkdirSync, mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { identifyUserCode } from '../../src/identity/identify-user-code.ts'

const scratch = mkdtempSync(join(tmpdir(), 'holdfast-again-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

const EVAL = `import { readFileSync } from 'node:fs'
import { defineEval, graders } from 'holdfast'
import { isRude } from '#words/rude'
import { isPolite } from './polite'
import { version } from 'outside'
const words = readFileSync(new URL('words.txt', import.meta.url), 'utf8')
const more = readFileSync(new URL('./later.txt', import.meta.url), 'utf8')
export default defineEval({ name: 'own', cases: [], graders: [graders.custom('own', ({ completion: { text } }) =>
  isPolite(text) && !isRude(text) && words.includes(text) && more !== text && version > 1)] })
`

const FILES: Readonly<Record<string, string>> = {
  'package.json': '{ "type": "module" }',
  'tsconfig.json': '{ "compilerOptions": { "paths": { "#words/*": ["./words/*"] } } }',
  'words/rude.ts': "export const isRude = (text: string): boolean => text.includes('!')\n",
  'other/rude.ts': "export const isRude = (text: string): boolean => text.includes('?')\n",
  'evals/own.eval.ts': EVAL,
  'evals/polite/index.ts': "export const isPolite = (text: string): boolean => text.includes('please')\n",
  'evals/words.txt': 'please',
  'node_modules/outside/package.json': '{ "name": "outside", "version": "1.0.0", "main": "index.js" }',
  'node_modules/outside/index.js': 'export const version = 1\n',
}

let projects = 0
const write = (root: string, name: string, text: string): void => {
  mkdirSync(dirname(join(root, name)), { recursive: true })
  writeFileSync(join(root, name), text)
}
function project(): string {
  const root = join(scratch, String(projects++))
  for (const [name, text] of Object.entries(FILES)) write(root, name, text)
  return root
}

it.each<readonly [string, string, string]>([
  ['of the eval itself', 'evals/own.eval.ts', EVAL.replace('version > 1', 'version > 2')],
  ['of a module', 'evals/polite/index.ts', "export const isPolite = (text: string): boolean => text.includes('thanks')\n"],
  [
    'that comes before a folder of the same name',
    'evals/polite.ts',
    'export const isPolite = (text: string): boolean => text.length > 3\n',
  ],
  ['of path aliases', 'tsconfig.json', '{ "compilerOptions": { "paths": { "#words/*": ["./other/*"] } } }'],
  ['of path aliases that is nearer', 'evals/tsconfig.json', '{ "compilerOptions": { "paths": { "#words/*": ["../other/*"] } } }'],
  ['that code reads', 'evals/words.txt', 'kindly'],
  ['that code reads, and that was not there', 'evals/later.txt', 'please'],
  ['of a package', 'node_modules/outside/package.json', '{ "name": "outside", "version": "1.0.1", "main": "index.js" }'],
  ['of a package that is nearer', 'evals/node_modules/outside/index.js', 'export const version = 3\n'],
])('identifyUserCode() sees at its next look a new or changed file %s', async (_, name, text) => {
  const root = project()
  const file = join(root, 'evals/own.eval.ts')
  const before = await identifyUserCode(file)
  expect(before).toMatch(/^[0-9a-f]{16}$/)
  write(root, name, text)
  const after = await identifyUserCode(file)
  expect(after).toMatch(/^[0-9a-f]{16}$/)
  expect(after).not.toBe(before)
})

it('identifyUserCode() sees a change that leaves size and time as they were, and that it was taken back', async () => {
  const root = project()
  const file = join(root, 'evals/own.eval.ts')
  const module = join(root, 'evals/polite/index.ts')
  const { atime, mtime } = statSync(module)
  const before = await identifyUserCode(file)
  write(root, 'evals/polite/index.ts', FILES['evals/polite/index.ts']?.replace('please', 'thanks') ?? '')
  utimesSync(module, atime, mtime)
  expect(await identifyUserCode(file)).not.toBe(before)
  write(root, 'evals/polite/index.ts', FILES['evals/polite/index.ts'] ?? '')
  expect(await identifyUserCode(file)).toBe(before)
})

it('identifyUserCode() does not take a module for the eval file that it is elsewhere', async () => {
  const root = project()
  const file = join(root, 'evals/own.eval.ts')
  const alone = await identifyUserCode(file)
  write(root, 'evals/both.eval.ts', "import own from './own.eval.ts'\nexport const both = [own, own]\n")
  const both = await identifyUserCode(join(root, 'evals/both.eval.ts'))
  write(root, 'evals/own.eval.ts', EVAL.replace("name: 'own', cases", "name: 'other', cases"))
  expect(await identifyUserCode(file)).toBe(alone)
  expect(await identifyUserCode(join(root, 'evals/both.eval.ts'))).not.toBe(both)
})
