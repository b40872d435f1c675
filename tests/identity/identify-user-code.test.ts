import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, it } from 'vitest'
import { identifyUserCode } from '../../src/identity/identify-user-code.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const scratch = mkdtempSync(join(tmpdir(), 'holdfast-code-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

/** An eval file with two custom graders, a parser, an alias, a workspace package, a package, JSON and a file that the code reads. */
const PROJECT: Readonly<Record<string, string>> = {
  'package.json': '{ "name": "app", "type": "module" }',
  'tsconfig.json': '{ "compilerOptions": { "paths": { "@/*": ["./lib/*"] } } }',
  'evals/polite/polite.eval.ts': `import { readFileSync } from 'node:fs'
import { defineEval, graders } from 'holdfast'
import { strict } from 'outside'
import { isPolite } from '../../lib/polite.ts'
import { buildPrompt } from '../../lib/prompt.ts'
import { trimmed } from '@/parse.ts'
import { limit } from 'beside'

interface Row { readonly id: string }
const rows: readonly Row[] = []
const words = readFileSync(new URL('./words.txt', import.meta.url), 'utf8').split(',')

export default defineEval({
  name: 'polite',
  description: 'Whether the answer is polite.',
  cases: [...rows, { id: 'a', role: 'dev', input: 'Hi', expected: 'please' }, { id: 'b', role: 'gate', input: 'Yo', expected: 'please' }],
  prompt: (row) => buildPrompt(row),
  parse: (text) => trimmed(text),
  graders: [graders.custom('polite', ({ completion }) => isPolite(completion.text) && strict && words.length < limit)],
})
`,
  'evals/polite/words.txt': 'please,thanks',
  'lib/polite.ts': `import rules from './rules.json' with { type: 'json' }

// Says whether a text has one of the words.
export function isPolite(text: string): boolean {
  return (rules.words as readonly string[]).some((word) => text.includes(word))
}

export const unused = 'nobody asks for this'
`,
  'lib/rules.json': '{ "words": ["please"] }',
  'lib/parse.ts': 'export const trimmed = (text: string): string => text.trim()\n',
  'lib/prompt.ts':
    "export function buildPrompt(row: { readonly input: unknown }): { role: 'user'; content: string }[] {\n  return [{ role: 'user', content: String(row.input) }]\n}\n",
  'packages/beside/package.json': '{ "name": "beside", "version": "0.0.0", "type": "module", "exports": "./index.js" }',
  'packages/beside/index.js': 'export const limit = 100\n',
  'node_modules/outside/package.json': '{ "name": "outside", "version": "1.2.3", "type": "module", "exports": "./index.js" }',
  'node_modules/outside/index.js': 'export const strict = true\n',
}
const EVAL = 'evals/polite/polite.eval.ts'

let projects = 0

/** A copy of the project with some files changed; its eval file. */
function projectWith(changes: Readonly<Record<string, (text: string) => string>> = {}): string {
  const folder = join(scratch, `project-${projects++}`)
  for (const [path, text] of Object.entries(PROJECT)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), changes[path]?.(text) ?? text)
  }
  symlinkSync(join(folder, 'packages/beside'), join(folder, 'node_modules/beside'))
  symlinkSync(root, join(folder, 'node_modules/holdfast'))
  return join(folder, EVAL)
}

it('identifyUserCode() is the same wherever the project lies, and for other comments, layout, types, cases, prompts and words about it', async () => {
  const original = await identifyUserCode(projectWith())
  expect(original).toMatch(/^[0-9a-f]{16}$/)
  const same: readonly Readonly<Record<string, (text: string) => string>>[] = [
    {},
    { 'lib/polite.ts': (text) => text.replace('// Says whether', '// Tells us whether') },
    { 'lib/polite.ts': (text) => text.replace(': boolean', ': true | false').replace('\n\n', '\n\n\n') },
    { 'lib/polite.ts': (text) => text.replace('nobody asks', 'really nobody asks') },
    { 'lib/prompt.ts': (text) => text.replace('String(row.input)', '`Please answer: ${String(row.input)}`') },
    { [EVAL]: (text) => text.replace("expected: 'please' }]", "expected: 'thanks' }]") },
    {
      [EVAL]: (text) =>
        text.replace('Whether the answer', 'Tells whether the answer').replace('readonly id: string', 'readonly id: number'),
    },
    { [EVAL]: (text) => text.replace('buildPrompt(row),', 'buildPrompt({ input: [row] }),') },
    { 'node_modules/outside/index.js': (text) => `${text}// packages go by their version` },
  ]
  for (const changes of same) expect(await identifyUserCode(projectWith(changes))).toBe(original)
})

it('identifyUserCode() changes with everything that the graders and the parser reach', async () => {
  const other: readonly Readonly<Record<string, (text: string) => string>>[] = [
    {},
    { [EVAL]: (text) => text.replace('isPolite(completion.text) &&', '!isPolite(completion.text) &&') },
    { [EVAL]: (text) => text.replace("split(',')", "split(';')") },
    { 'lib/polite.ts': (text) => text.replace('.some(', '.every(') },
    { 'lib/rules.json': (text) => text.replace('please', 'kindly') },
    { 'lib/parse.ts': (text) => text.replace('trim()', 'trimEnd()') },
    { 'packages/beside/index.js': (text) => text.replace('100', '1') },
    { 'node_modules/outside/package.json': (text) => text.replace('1.2.3', '1.2.4') },
    { 'evals/polite/words.txt': (text) => `${text},sorry` },
  ]
  const identities: (string | null)[] = []
  for (const changes of other) identities.push(await identifyUserCode(projectWith(changes)))
  expect(identities).not.toContain(null)
  expect(new Set(identities).size).toBe(other.length)
})

it('identifyUserCode() knows nothing of files that are not there, are no code or cannot be read as code', async () => {
  expect(await identifyUserCode(join(scratch, 'missing.eval.ts'))).toBe(null)
  expect(await identifyUserCode('the tests')).toBe(null)
  expect(await identifyUserCode(projectWith({ 'lib/polite.ts': () => 'export function (' }))).toBe(null)
})

it('identifyUserCode() is the same at every look, also for many modules that name files alike and files that the system makes up', async () => {
  const parts = Array.from({ length: 40 }, (_, n) => `part-${n}`)
  const folder = dirname(dirname(dirname(projectWith())))
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  for (const part of parts) {
    write(`lib/${part}/words.txt`, part)
    write(
      `lib/${part}/index.ts`,
      "import { readFileSync } from 'node:fs'\nexport const words = readFileSync(new URL('./words.txt', import.meta.url), 'utf8') + readFileSync('/proc/self/stat', 'utf8')\n",
    )
  }
  const imports = parts.map((part, n) => `import { words as w${n} } from '../../lib/${part}/index.ts'`).join('\n')
  const used = parts.map((_, n) => `w${n}`).join(', ')
  write(
    EVAL,
    `${imports}\nimport { defineEval, graders } from 'holdfast'\nexport default defineEval({ name: 'many', cases: [], graders: [graders.custom('words', () => [${used}].length > 1)] })\n`,
  )
  const looks: (string | null)[] = []
  for (let n = 0; n < 5; n++) looks.push(await identifyUserCode(join(folder, EVAL)))
  expect(looks[0]).toMatch(/^[0-9a-f]{16}$/)
  expect(new Set(looks).size).toBe(1)
})
