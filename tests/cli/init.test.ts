import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { init, initMessage } from '../../src/cli/commands/init.ts'

const home = process.cwd()
let root = ''
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'holdfast-init-'))
  process.chdir(root)
})
afterEach(() => {
  process.chdir(home)
  rmSync(root, { recursive: true })
})

const read = (path: string): string => readFileSync(join(root, path), 'utf8')

test('init() writes a first eval, a retention eval and a suite that imports both', () => {
  const message = initMessage(init({}))
  expect(message.split('\n').slice(0, 6)).toEqual([
    'Wrote',
    '  evals/message-kind/message-kind.eval.ts',
    '  evals/message-kind/cases.jsonl',
    '  evals/general-skills/general-skills.eval.ts',
    '  evals/general-skills/cases.jsonl',
    '  suites/app.suite.ts',
  ])
  expect(read('suites/app.suite.ts')).toContain("import messageKind from '../evals/message-kind/message-kind.eval.ts'")
  expect(read('suites/app.suite.ts')).toContain("import generalSkills from '../evals/general-skills/general-skills.eval.ts'")
  expect(read('evals/message-kind/cases.jsonl')).toContain('"role":"twin"')
})

test('init() keeps folders that were chosen in package.json, in its own indentation, and nothing else of it changes', () => {
  writeFileSync(join(root, 'package.json'), '{\n\t"name": "app",\n\t"private": true\n}\n')
  init({ evals: 'tests/evals', suites: 'tests/tuning' })
  expect(read('package.json')).toBe(
    '{\n\t"name": "app",\n\t"private": true,\n\t"holdfast": {\n\t\t"evals": "tests/evals",\n\t\t"suites": "tests/tuning"\n\t}\n}\n',
  )
  expect(read('tests/tuning/app.suite.ts')).toContain("from '../evals/message-kind/message-kind.eval.ts'")
})

test('init() keeps runs out of git, once', () => {
  writeFileSync(join(root, '.gitignore'), 'node_modules')
  init({})
  expect(read('.gitignore')).toBe('node_modules\nreports/\n')
  rmSync(join(root, 'suites'), { recursive: true })
  rmSync(join(root, 'evals/message-kind'), { recursive: true })
  init({})
  expect(read('.gitignore')).toBe('node_modules\nreports/\n')
})

test('init() leaves package.json and git alone where nothing has to be said', () => {
  writeFileSync(join(root, 'package.json'), '{"name":"app","devDependencies":{"vitest":"^4"}}')
  const message = initMessage(init({}))
  expect(read('package.json')).toBe('{"name":"app","devDependencies":{"vitest":"^4"}}')
  expect(existsSync(join(root, '.gitignore'))).toBe(false)
  expect(message).toContain("evalsProject() and suitesProject() of 'holdfast/vitest'")
})

test('init() refuses a project that has a suite, and writes nothing', () => {
  mkdirSync(join(root, 'suites'))
  writeFileSync(join(root, 'suites', 'app.suite.ts'), 'mine')
  expect(() => init({})).toThrowErrorMatchingInlineSnapshot(`
    [SuiteExistsError: CLI_SUITE_EXISTS  The project has a suite already; nothing was written
      where  suites/app.suite.ts
      fix    add an eval with "npx holdfast new eval <name>", or name other folders with --evals and --suites]
  `)
  expect(read('suites/app.suite.ts')).toBe('mine')
  expect(existsSync(join(root, 'evals'))).toBe(false)
})
