/**
 * @file Vitest's watch mode on a scratch project: what an eval reads without importing it runs it again, and nothing else does.
 */
import { spawn } from 'node:child_process'
import { appendFileSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, it, onTestFinished } from 'vitest'
import { namedFiles } from '../../src/vitest/evals/watch-cases.ts'
import { scratchEnvironment, VITEST } from './run-vitest.ts'

const repository = fileURLToPath(new URL('../..', import.meta.url))
const root = realpathSync(mkdtempSync(join(tmpdir(), 'holdfast-watch-')))
afterAll(() => rmSync(root, { recursive: true, force: true }))

const source = (path: string): string => JSON.stringify(join(repository, 'src', path))
const write = (path: string, text: string): void => writeFileSync(join(root, path), text)
const caseLine = (id: string): string => `${JSON.stringify({ id, role: 'dev', input: 'Hello', expected: id })}\n`

function writeProject(): void {
  mkdirSync(join(root, 'evals'))
  symlinkSync(join(repository, 'node_modules'), join(root, 'node_modules'))
  write(
    'vitest.config.ts',
    `import { evalsProject } from ${source('vitest/index.ts')}
     const alias = [{ find: /^holdfast$/, replacement: ${JSON.stringify(join(repository, 'tests/vitest/light-holdfast.ts'))} }]
     const project = evalsProject({ model: ${JSON.stringify(join(repository, 'models/nano'))} })
     export default { test: { projects: [{ resolve: { alias }, ...project }] } }`,
  )
  write('evals/lenient.ts', 'export const lenient = false\n')
  write('evals/watched.jsonl', caseLine('a'))
  write('evals/other.txt', 'nothing reads this\n')
  write(
    'evals/watched.eval.ts',
    `import { defineEval, graders } from 'holdfast'
     import { lenient } from './lenient.ts'
     const grade = () => ({ reward: lenient ? 1 : 0, subRewards: {}, formatValid: null, extractionRule: null, errors: [] })
     export default defineEval({
       name: 'watched',
       cases: new URL('./watched.jsonl', import.meta.url),
       prompt: '{{input}}',
       graders: [{ name: 'any', kind: 'custom', version: 1, settings: {}, grade }],
       sampling: { maxNewTokens: 2 },
     })`,
  )
}

it('holdfastProjects() run an eval again when its cases or its grader change under vitest --watch', async () => {
  writeProject()
  const child = spawn(process.execPath, [VITEST, '--watch', '--root', root], {
    cwd: root,
    env: scratchEnvironment({ HOLDFAST_CACHE: join(root, 'cache') }),
    stdio: 'pipe',
  })
  onTestFinished(() => void child.kill('SIGTERM'))
  let output = ''
  let notice = (): void => {}
  const hear = (chunk: Buffer): void => {
    output += chunk.toString()
    notice()
  }
  child.stdout.on('data', hear)
  child.stderr.on('data', hear)
  const said = (text: string): Promise<void> =>
    new Promise((resolve, reject) => {
      notice = () => {
        if (output.includes(text)) resolve()
      }
      child.once('exit', () => reject(new Error(`vitest ended: ${output}`)))
      notice()
    })
  await said('watched  0 of 1 passed')
  await said('Waiting for file changes')
  output = ''
  write('evals/other.txt', 'still nothing\n')
  appendFileSync(join(root, 'evals/watched.jsonl'), caseLine('b'))
  await said('watched  0 of 2 passed')
  await said('Waiting for file changes')
  expect(output.match(/RERUN/g)).toHaveLength(1)
  output = ''
  write('evals/lenient.ts', 'export const lenient = true\n')
  await said('watched  2 of 2 passed')
})

it('namedFiles() finds the existing files that code names beside itself, and the files of a folder', () => {
  mkdirSync(join(root, 'named', 'folder'), { recursive: true })
  for (const path of ['named/a.jsonl', 'named/folder/b.txt', 'named/folder/c.txt']) write(path, '')
  const code = `
    cases: new URL('./a.jsonl', import.meta.url), other: new URL("./folder/", import.meta.url),
    missing: new URL('./missing.jsonl', import.meta.url), far: new URL('https://example.com/a.jsonl')`
  expect(namedFiles(code, join(root, 'named', 'an.eval.ts'))).toEqual(
    ['named/a.jsonl', 'named/folder/b.txt', 'named/folder/c.txt'].map((path) => join(root, path)),
  )
})
