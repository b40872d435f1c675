/** @file No file of src/ but src/ledger writes the name of a run file: a violation is planted, because a checker that sees nothing also passes. */
import { readdirSync, readFileSync } from 'node:fs'
import { join, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { transformSync } from 'esbuild'
import { expect, test } from 'vitest'
import { everyNode, parsed } from '../../src/identity/parse-code.ts'
import * as layout from '../../src/ledger/run-layout.ts'

const SOURCES = fileURLToPath(new URL('../../src', import.meta.url))
const NAMES = Object.values(layout)
  .flatMap((one) => (typeof one === 'object' ? Object.values(one) : typeof one === 'string' ? [one] : []))
  .filter((name) => name.includes('.'))
const NAMED = new RegExp(String.raw`(?<![\w.-])(?:${NAMES.map((name) => name.replaceAll('.', String.raw`\.`)).join('|')})(?![\w-])`)

/** Whole texts of a Python source that are a run file's name; its messages may speak of one. */
function namedInPython(source: string): readonly string[] {
  return NAMES.filter((name) => source.includes(`"${name}"`) || source.includes(`'${name}'`))
}

/** Texts of a TypeScript source that name a run file; comments and types may. */
function namedIn(source: string): readonly string[] {
  if (!NAMED.test(source)) return []
  const program = parsed(transformSync(source, { loader: 'ts', format: 'esm', target: 'esnext' }).code)
  if (program === null) throw new Error('the source cannot be parsed')
  const texts = [...everyNode(program)].flatMap((node) =>
    node.type === 'Literal' ? [node.value] : node.type === 'TemplateElement' ? [node.value.cooked] : [],
  )
  return texts.filter((text): text is string => typeof text === 'string' && NAMED.test(text))
}

test('run-layout.ts is the only place where a run file is named', () => {
  const files = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts'))
  const found = files
    .filter((path) => path.split(sep)[0] !== 'ledger')
    .flatMap((path) => namedIn(readFileSync(join(SOURCES, path), 'utf8')).map((text) => `${path}: ${text}`))
  expect(found).toEqual([])
  expect(files.length).toBeGreaterThan(300)
})

test('run-layout.ts is missed by whoever writes a name in a string, a path or a template, and not by who speaks of it', () => {
  expect(NAMES).toEqual(expect.arrayContaining(['plan.json', 'events.jsonl', 'verdict.json', 'exit.json', 'report.html', 'grades.jsonl']))
  const planted = [
    "const file = join(directory, 'verdict.json')",
    "read('rounds/01/sft/events.jsonl')",
    'const path = `${directory}/plan.json`',
    "const summary: string = 'it has no run.json, or none that is whole'",
  ]
  expect(planted.map((source) => namedIn(source).length)).toEqual([1, 1, 1, 1])
  const innocent = [
    '// verdict.json is written last\nconst file = join(directory, VERDICT_FILE)',
    "type Name = 'plan.json'\nread(name as Name)",
    "const other = ['my-plan.json', 'plan.json5', 'package.json']",
  ]
  expect(innocent.flatMap(namedIn)).toEqual([])
})

test('run-layout.ts names the files of the Python runner too, in the protocol that is made of it', () => {
  const files = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.py'))
  const found = files.flatMap((path) =>
    namedInPython(readFileSync(join(SOURCES, path), 'utf8')).map((name) => [path.split(sep).at(-1), name]),
  )
  expect(new Set(found.map(([file]) => file))).toEqual(new Set(['protocol.py']))
  expect(found.map(([, name]) => name)).toEqual(
    expect.arrayContaining(['events.jsonl', 'rollouts.jsonl', 'grader.json', 'progress.jsonl', 'exit.json']),
  )
  expect(namedInPython('path = directory / "exit.json"\n"look at the loss in events.jsonl"')).toEqual(['exit.json'])
})
