/**
 * @file README.md is code too: its TypeScript is imported, its commands are parsed with the real command line.
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Command } from 'commander'
import { afterAll, expect, it } from 'vitest'
import { createProgram } from '../../src/cli/program.ts'
import type { EvalDefinition } from '../../src/eval/eval.ts'
import { loadEval } from '../../src/eval/load-eval.ts'
import type { SuiteDefinition } from '../../src/suite/suite.ts'
import { checkSuite } from '../../src/suite/check-suite.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const readme = readFileSync(join(root, 'README.md'), 'utf8')
const blocks = (language: string): readonly string[] =>
  [...readme.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map((match) => match[1] ?? '')

const folder = mkdtempSync(join(tmpdir(), 'holdfast-readme-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** The README's files in a folder of their own, beside links to the evals that they import. */
function writeSnippets(): ReadonlyMap<string, string> {
  mkdirSync(join(folder, 'evals'))
  for (const entry of readdirSync(join(root, 'evals'))) symlinkSync(join(root, 'evals', entry), join(folder, 'evals', entry))
  const written = new Map<string, string>()
  for (const source of blocks('ts')) {
    const name = /^\/\/ (\S+)/.exec(source)?.[1] ?? 'unnamed'
    const path = join(folder, name)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, source)
    written.set(name, path)
  }
  return written
}

const snippets = writeSnippets()
const importDefault = async (name: string): Promise<unknown> =>
  ((await import(snippets.get(name) ?? name)) as { readonly default: unknown }).default

it('README.md names the file of every TypeScript block', () => {
  expect([...snippets.keys()]).toEqual([
    'evals/opening-hours/opening-hours.eval.ts',
    'suites/my-clinic.suite.ts',
    'suites/gpu-clinic.suite.ts',
    'vitest.config.ts',
    'tests/tuned.test.ts',
  ])
})

it('README.md shows an eval that loads', async () => {
  const definition = (await importDefault('evals/opening-hours/opening-hours.eval.ts')) as EvalDefinition
  const loaded = await loadEval(definition, { origin: 'README.md' })
  expect(loaded.cases.map((row) => row.role)).toEqual(['train', 'dev', 'gate', 'twin'])
})

it('README.md shows a suite that passes every check', async () => {
  const definition = (await importDefault('suites/my-clinic.suite.ts')) as SuiteDefinition
  const suite = await checkSuite(definition, snippets.get('suites/my-clinic.suite.ts') ?? '')
  expect(suite.features.map((entry) => entry.eval.name)).toEqual(['refill', 'opening-hours'])
  expect(suite.arms.map((arm) => arm.name)).toEqual(['sft', 'grpo', 'sft-hot'])
})

it('README.md shows a suite for a GPU that passes every check', async () => {
  const definition = (await importDefault('suites/gpu-clinic.suite.ts')) as SuiteDefinition
  const suite = await checkSuite(definition, snippets.get('suites/gpu-clinic.suite.ts') ?? '')
  expect(suite.trainer).toMatchObject({ name: 'trl', host: 'ssh://user@gpu1' })
  expect(suite.arms.map((arm) => arm.methods['refill']?.name)).toEqual(['sft', 'dpo', 'chain'])
})

it('README.md and AGENTS.md name only commands and flags that exist', () => {
  const text = readme + readFileSync(join(root, 'AGENTS.md'), 'utf8')
  const lines = [...text.matchAll(/^npx holdfast ([^#\n]*)/gm)].map((match) => match[1]?.trim() ?? '')
  expect(lines.length).toBeGreaterThan(5)
  expect(lines.filter((line) => !isKnown(line))).toEqual([])
})

it('README.md names only files and folders that exist', () => {
  const tree = readme.slice(readme.indexOf('## Where things are')).split('```')[1] ?? ''
  const paths = [...tree.matchAll(/^([a-z][\w./-]*)(?:<feature>\/)? /gm)].map((match) => match[1] ?? '')
  expect(paths.length).toBeGreaterThan(20)
  expect(paths.filter((path) => path !== 'reports/' && !existsSync(join(root, path)))).toEqual([])
})

/** Whether the command and each of its flags are declared. */
function isKnown(line: string): boolean {
  const words = line.split(/\s+/)
  const silent = { write: (): void => {} }
  let command: Command | undefined = createProgram(
    { out: silent, error: silent, interruptSignal: () => new AbortController().signal },
    () => {},
  )
  command = command.commands.find((candidate) => candidate.name() === words[0])
  if (words[0] === 'new') command = command?.commands.find((candidate) => candidate.name() === words[1])
  const flags = words.filter((word) => word.startsWith('--'))
  return command !== undefined && flags.every((flag) => command.options.some((option) => option.long === flag))
}
