import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { loadEval } from '../../src/eval/load-eval.ts'
import { gradingHash } from '../../src/grader/grader-hash.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

it('gradingHash() is the same for an eval that vitest loaded and one that the command line loaded', async () => {
  const file = join(root, 'tests/identity/fixtures/own-grader.eval.ts')
  const { default: definition } = await import('./fixtures/own-grader.eval.ts')
  expect(definition.file).toBe(file)
  const here = await loadEval(definition, { origin: file })
  const script = `import { loadEval as open } from ${JSON.stringify(pathToFileURL(join(root, 'src/cli/load-definition.ts')).href)}
import { loadEval } from ${JSON.stringify(pathToFileURL(join(root, 'src/eval/load-eval.ts')).href)}
import { gradingHash } from ${JSON.stringify(pathToFileURL(join(root, 'src/grader/grader-hash.ts')).href)}
const { definition, file } = await open(${JSON.stringify(file)})
const loaded = await loadEval(definition, { origin: file })
console.log(JSON.stringify([gradingHash(loaded), loaded.graders[0].sourceHash]))`
  const run = promisify(execFile)
  const { stdout } = await run(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], { cwd: root })
  const [there, text] = JSON.parse(stdout.trim().split('\n').at(-1) ?? '[]') as [string, string]
  expect(there).toBe(gradingHash(here))
  // What either made of the functions differs: without the sources they would be told apart.
  expect(text).not.toBe(here.graders[0]?.sourceHash)
})

it('defineEval() notes the file that awaits the function which calls it, whatever loads it', async () => {
  const file = join(root, 'tests/identity/fixtures/awaited.eval.ts')
  const { default: definition } = await import('./fixtures/awaited.eval.ts')
  expect(definition.file).toBe(file)
  const script = `import { loadEval } from ${JSON.stringify(pathToFileURL(join(root, 'src/cli/load-definition.ts')).href)}
console.log((await loadEval(${JSON.stringify(file)})).definition.file)`
  const run = promisify(execFile)
  const { stdout } = await run(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], { cwd: root })
  expect(stdout.trim().split('\n').at(-1)).toBe(file)
})
