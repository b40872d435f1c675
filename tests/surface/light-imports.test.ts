import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const SOURCE = fileURLToPath(new URL('../../src', import.meta.url))
/** What is imported for its types alone costs nothing. */
const IMPORT = /^(?:import|export) (?!type\b)(?:[^'"]*? from )?'([^']+)'/gm

/** Files and packages that importing a file loads, through whatever it imports. */
function loadedBy(entry: string): { readonly files: readonly string[]; readonly packages: readonly string[] } {
  const files = new Set<string>()
  const packages = new Set<string>()
  const visit = (file: string): void => {
    if (files.has(file)) return
    files.add(file)
    for (const [, name = ''] of readFileSync(file, 'utf8').matchAll(IMPORT)) {
      if (name.startsWith('.')) visit(resolve(dirname(file), name))
      else if (!name.startsWith('node:')) packages.add(name)
    }
  }
  visit(join(SOURCE, entry))
  return { files: [...files].map((file) => relative(SOURCE, file)), packages: [...packages].toSorted() }
}

test('importing the graders loads no sandbox, no instructions, no text metrics and no parser of tables', () => {
  const { files, packages } = loadedBy('grader/graders.ts')
  expect(packages).toEqual(['re2js', 'zod'])
  const heavy = ['grader/ifeval/grade-row.ts', 'grader/similarity/text-score.ts', 'grader/code/javascript-sandbox.ts']
  expect(
    [...heavy, 'grader/code/python-grade.ts', 'grader/code/python-tests.ts'].filter((file) => existsSync(join(SOURCE, file))),
  ).toHaveLength(5)
  expect(files.filter((file) => heavy.includes(file) || file.startsWith('grader/code/python'))).toEqual([])
  expect(files).toContain('grader/exact-match.ts')
})

test('importing defineEval loads nothing but what looks for the calling file', () => {
  expect(loadedBy('eval/define-eval.ts')).toEqual({ files: ['eval/define-eval.ts', 'eval/user-code.ts'], packages: [] })
})

test('loading an eval loads parsers of tables and what reads code only for evals that have them', () => {
  expect(loadedBy('eval/load-eval.ts').packages).toEqual(['zod'])
})

test('importing holdfast loads what defines and grades, and nothing that runs, trains, renders or computes', () => {
  const { files, packages } = loadedBy('index.ts')
  expect(packages).toEqual(['re2js', 'zod'])
  const light =
    /^(index\.ts|failures\.ts|(base|eval|grader|method|suite)\/.*|model\/chat\/.*|trainer\/errors\.ts|trainer\/\w+\/(driver|refuse)\.ts)$/
  expect(files.filter((file) => !light.test(file))).toEqual([])
})

test('importing holdfast/run loads what runs', () => {
  const { files, packages } = loadedBy('run.ts')
  expect(files).toEqual(expect.arrayContaining(['round/run-suite.ts', 'report/render-report.ts']))
  expect(packages).toEqual(expect.arrayContaining(['handlebars', 'zod']))
})
