import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { identifyUserCode } from '../../src/identity/identify-user-code.ts'

const scratch = mkdtempSync(join(tmpdir(), 'holdfast-reach-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

type Files = Readonly<Record<string, string>>

let projects = 0

async function identityOf(files: Files): Promise<string | null> {
  const folder = join(scratch, String(projects++))
  for (const [path, text] of Object.entries({ 'package.json': '{ "type": "module" }', ...files })) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  return await identifyUserCode(join(folder, 'evals/own.eval.ts'))
}

/** An eval whose grader asks `words`, which `lines` make. */
const evalWith = (lines: string): string => `import { defineEval, graders } from 'holdfast'
${lines}
export default defineEval({ name: 'own', cases: [], graders: [graders.custom('own', ({ completion }) => words.includes(completion.text))] })
`
const HERE =
  "import { fileURLToPath } from 'node:url'\nimport { dirname, join } from 'node:path'\nconst here = dirname(fileURLToPath(import.meta.url))\n"
const READ = "import { readFileSync } from 'node:fs'\n"

describe('identifyUserCode() sees', () => {
  it.each<readonly [string, string, Files, string]>([
    [
      'JSON that createRequire loads',
      "import { createRequire } from 'node:module'\nconst words = createRequire(import.meta.url)('./words.json')",
      { 'evals/words.json': '["a"]' },
      '["b"]',
    ],
    [
      'a file beside it, without ./',
      `${READ}const words = readFileSync(new URL('words.txt', import.meta.url), 'utf8')`,
      { 'evals/words.txt': 'a' },
      'b',
    ],
    [
      'a file whose name stands on a line of its own',
      `${READ}const words = readFileSync(new URL(\n  './words.txt',\n  import.meta.url,\n), 'utf8')`,
      { 'evals/words.txt': 'a' },
      'b',
    ],
    [
      'a file whose path is joined',
      `${READ}${HERE}const words = readFileSync(join(here, '..', 'data', 'words.txt'), 'utf8')`,
      { 'data/words.txt': 'a' },
      'b',
    ],
    [
      'a file whose path is a template',
      `${READ}${HERE}const words = readFileSync(\`\${here}/words.txt\`, 'utf8')`,
      { 'evals/words.txt': 'a' },
      'b',
    ],
    ['a file by its path in the package', `${READ}const words = readFileSync('data/words.txt', 'utf8')`, { 'data/words.txt': 'a' }, 'b'],
    [
      'the files of a folder',
      `${READ}const folder = new URL('../data/', import.meta.url)\nconst words = readFileSync(new URL(process.env.LANG + '.txt', folder), 'utf8')`,
      { 'data/en.txt': 'a' },
      'b',
    ],
    [
      'what a module imports that is loaded by its address',
      "const { words } = await import(new URL('./words.ts', import.meta.url).href)",
      { 'evals/words.ts': "export { words } from './more.ts'", 'evals/more.ts': "export const words = ['a']" },
      "export const words = ['b']",
    ],
    [
      'a module that is imported for its effect in a package without effects',
      "import '../lib/set.ts'\nconst { words } = globalThis as any",
      { 'package.json': '{ "type": "module", "sideEffects": false }', 'lib/set.ts': "(globalThis as any).words = ['a']" },
      "(globalThis as any).words = ['b']",
    ],
    [
      'a call that is said to be pure',
      "import '../lib/set.ts'\nconst { words } = globalThis as any",
      { 'lib/set.ts': "/* @__PURE__ */ (() => ((globalThis as any).words = ['a']))()" },
      "/* @__PURE__ */ (() => ((globalThis as any).words = ['b']))()",
    ],
    [
      'a package without a version',
      "import { words } from 'outside'",
      {
        'node_modules/outside/package.json': '{ "name": "outside", "type": "module", "exports": "./index.js" }',
        'node_modules/outside/index.js': "export const words = ['a']",
      },
      "export const words = ['b']",
    ],
  ])('%s', async (_, lines, files, changed) => {
    const all = { ...files, 'evals/own.eval.ts': evalWith(lines) }
    const last = Object.keys(files).at(-1) as string
    const before = await identityOf(all)
    expect(before).toMatch(/^[0-9a-f]{16}$/)
    expect(await identityOf(all)).toBe(before)
    expect(await identityOf({ ...all, [last]: changed })).not.toBe(before)
  })

  it('each version of a package of which there are two', async () => {
    const of = (version: string): Files => ({
      'evals/own.eval.ts': evalWith(
        "import { words as far } from 'outside'\nimport { near } from '../lib/near.ts'\nconst words = [...far, ...near]",
      ),
      'lib/near.ts': "export { words as near } from 'outside'",
      'node_modules/outside/package.json': '{ "name": "outside", "version": "1.0.0", "type": "module", "exports": "./index.js" }',
      'node_modules/outside/index.js': 'export const words = []',
      'lib/node_modules/outside/package.json': `{ "name": "outside", "version": "${version}", "type": "module", "exports": "./index.js" }`,
      'lib/node_modules/outside/index.js': 'export const words = []',
    })
    expect(new Set([await identityOf(of('1.0.0')), await identityOf(of('2.0.0')), await identityOf(of('3.0.0'))]).size).toBe(3)
  })

  it('what a function of the name defineEval is given that is not ours', async () => {
    const of = (check: string): Files => ({
      'lib/own.ts':
        "import * as holdfast from 'holdfast'\nexport const defineEval = (own: any) => holdfast.defineEval({ name: 'own', cases: [], graders: [own.check] })",
      'evals/own.eval.ts': `import { defineEval } from '../lib/own.ts'\nexport default defineEval({ check: (text: string) => text === '${check}' })`,
    })
    expect(await identityOf(of('a'))).not.toBe(await identityOf(of('b')))
  })
})

describe('identifyUserCode() does not count', () => {
  it.each([
    ["import { defineEval as define, graders } from 'holdfast'", 'define'],
    ["import * as holdfast from 'holdfast'\nconst { graders } = holdfast", 'holdfast.defineEval'],
    ["const { defineEval, graders } = require('holdfast')", 'defineEval'],
    ["const holdfast = require('holdfast')\nconst { graders } = holdfast", 'holdfast.defineEval'],
  ])('words and cases of an eval made by %j', async (lines, call) => {
    const of = (word: string): Files => ({
      'evals/own.eval.ts': `${lines}\nexport default ${call}({ name: 'own', description: '${word}', cases: [{ id: '${word}' }], graders: [graders.custom('own', () => true)] })`,
    })
    expect(await identityOf(of('a'))).toBe(await identityOf(of('b')))
  })

  it.each([
    ["description: 'x', repeats: 2, minPass: 0.5,", ''],
    [
      'cases: rows, prompt: ask,',
      "import { readFileSync } from 'node:fs'\nconst rows = JSON.parse(readFileSync(new URL('./rows.json', import.meta.url), 'utf8')).map((row) => ({ ...row }))\nconst ask = (row) => []",
    ],
    [
      'cases: rows,',
      "const make = (count) => Array.from({ length: count }, (_, place) => ({ id: String(place), tags: ['x'] }))\nconst rows = make(4)",
    ],
    ['cases: all,', "const few = ['x'].filter(Boolean)\nconst all = few.map((input) => ({ input }))"],
  ])('data that %j is given', async (members, lines) => {
    const of = (members: string, lines: string, row = 1): Files => ({
      'evals/rows.json': `[${row}]`,
      'evals/own.eval.ts': `import { defineEval, graders } from 'holdfast'\n${lines}\nexport default defineEval({ name: 'own', ${members} graders: [graders.custom('own', () => true)] })`,
    })
    const plain = await identityOf(of('', ''))
    expect(await identityOf(of(members, lines))).toBe(plain)
    expect(await identityOf(of(members, lines.replace("'x'", "'y'"), 2))).toBe(plain)
  })

  it.each([
    ["let words = ['a']\nconst rows = load()\nfunction load() { words = ['b']; return [] }", "words = ['b']", "words = ['c']"],
    ["const words = ['a']\nconst rows = [words.push('b')]", "push('b')", "push('c')"],
    ["import { words, load } from '../lib/words.ts'\nconst rows = load()", 'load()', "load('c')"],
    ["const words = ['a']\nconst rows = words.map(String)", "['a']", "['c']"],
    ["import * as own from '../lib/words.ts'\nconst { words } = own\nconst rows = own.parse()", 'own.parse()', "own.parse('c')"],
  ])('nothing that may change what the grader asks: %j', async (lines, before, after) => {
    const of = (text: string): Files => ({
      'lib/words.ts': 'export let words = []\nexport const load = (more = []) => { words = more; return [] }\nexport { load as parse }',
      'evals/own.eval.ts': `import { defineEval, graders } from 'holdfast'\n${text}\nexport default defineEval({ name: 'own', cases: rows, graders: [graders.custom('own', ({ completion }) => words.includes(completion.text))] })`,
    })
    expect(await identityOf(of(lines))).toMatch(/^[0-9a-f]{16}$/)
    expect(await identityOf(of(lines.replace(before, after)))).not.toBe(await identityOf(of(lines)))
  })

  it('settings of a suite that the eval stands in, beside the graders', async () => {
    const of = (word: string, verdict: boolean): Files => ({
      'evals/own.eval.ts': `import { defineEval, defineSuite, graders } from 'holdfast'
export default defineSuite({
  name: 'own', description: '${word}', base: new URL('./${word}/', import.meta.url), seed: ${word.length},
  features: [{ eval: defineEval({ name: 'own', cases: [{ id: '${word}' }], graders: [graders.custom('own', () => ${verdict})] }), margin: 0.1 }],
})`,
    })
    expect(await identityOf(of('a', true))).toBe(await identityOf(of('other', true)))
    expect(await identityOf(of('a', true))).not.toBe(await identityOf(of('a', false)))
  })
})
