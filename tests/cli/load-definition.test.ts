import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { loadEval, loadSuite } from '../../src/cli/load-definition.ts'

const folder = mkdtempSync(join(tmpdir(), 'holdfast-user-files-'))
afterAll(() => rmSync(folder, { recursive: true }))

function userFile(name: string, source: string): string {
  const path = join(folder, name)
  writeFileSync(path, source)
  return path
}

/** The message of a rejection, without the random folder. */
async function failure(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'no failure',
    (error: unknown) => (error as Error).message.replaceAll(/\S*user-files-\w+\//g, '<folder>/'),
  )
}

it('loadEval() imports TypeScript that nobody built', async () => {
  const path = userFile(
    'good.eval.ts',
    `const name: string = 'good'\nexport default { kind: 'holdfast.eval-definition', options: { name } }\n`,
  )
  const loaded = await loadEval(path)
  expect([loaded.definition.options.name, loaded.file]).toEqual(['good', path])
})

it('loadEval() refuses a file without a default export', async () => {
  const path = userFile('named.eval.ts', 'export const made = 1\n')
  expect(await failure(loadEval(path))).toMatchInlineSnapshot(`
    "CLI_DEFAULT_EXPORT  The file's default export is missing, expected an eval
      where  <folder>/named.eval.ts
      fix    write "export default defineEval({ ... })" in this file, or name another file"
  `)
})

it('loadSuite() refuses an eval where a suite is asked for', async () => {
  const path = userFile('wrong.suite.ts', `export default { kind: 'holdfast.eval-definition', options: {} }\n`)
  expect(await failure(loadSuite(path))).toMatchInlineSnapshot(`
    "CLI_DEFAULT_EXPORT  The file's default export is an eval, expected a suite
      where  <folder>/wrong.suite.ts
      fix    write "export default defineSuite({ ... })" in this file, or name another file"
  `)
})

it('loadSuite() refuses a default export of another kind', async () => {
  const path = userFile('number.suite.ts', 'export default 42\n')
  expect(await failure(loadSuite(path))).toMatchInlineSnapshot(`
    "CLI_DEFAULT_EXPORT  The file's default export is a number that Holdfast does not know, expected a suite
      where  <folder>/number.suite.ts
      fix    write "export default defineSuite({ ... })" in this file, or name another file"
  `)
})

it('loadSuite() quotes the message of a file that throws', async () => {
  const path = userFile('throws.suite.ts', `throw new Error('no key \\u001b[31m here')\nexport default {}\n`)
  expect(await failure(loadSuite(path))).toMatchInlineSnapshot(`
    "CLI_FILE_FAILED  The file could not be imported: "no key  [31m here"
      where  <folder>/throws.suite.ts
      fix    correct the file; importing it must have no side effect and must not throw"
  `)
})
