import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, expect, it } from 'vitest'

const root = mkdtempSync(join(tmpdir(), 'holdfast-workspace-'))
afterAll(() => rmSync(root, { recursive: true }))

const repository = fileURLToPath(new URL('../..', import.meta.url))
const tsx = pathToFileURL(join(repository, 'node_modules/tsx/dist/loader.mjs')).href
const loader = pathToFileURL(join(repository, 'src/cli/load-definition.ts')).href

function write(files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true })
    writeFileSync(join(root, name), text)
  }
}

/** The name of an eval that is loaded from the root of the workspace, or what stopped it. In a process of its own: vitest resolves imports itself. */
async function nameOf(file: string): Promise<string> {
  const script = `const { loadEval } = await import(${JSON.stringify(loader)})
    await loadEval(${JSON.stringify(file)}).then(({ definition }) => console.log(definition.options.name), (error) => console.log(error.message))`
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', tsx, '--input-type=module', '-e', script], { cwd: root })
  return stdout.trim()
}

const alias = (to: string): string => `{ "compilerOptions": { "baseUrl": ".", /* comments are allowed */ "paths": { "@/*": ["${to}"] } } }`

it('loadEval() reads the path aliases of each file in its own package, not in the one that the command is started in', async () => {
  write({
    'package.json': '{"name":"workspace"}',
    'tsconfig.json': alias('wrong/*'),
    'wrong/lib/name.ts': 'export const name = "wrong"',
    'packages/a/package.json': '{"name":"a","type":"module"}',
    'packages/a/tsconfig.json': alias('src/*'),
    'packages/a/src/lib/name.ts': 'export const name: string = "a"',
    'packages/a/evals/q.eval.ts': `import { name } from '@/lib/name'
      import { other } from '../../b/src/other'
      export default { kind: 'holdfast.eval-definition', options: { name: name + other } }`,
    'packages/b/package.json': '{"name":"b","type":"module"}',
    'packages/b/tsconfig.base.json': alias('src/*'),
    'packages/b/tsconfig.json': '{ "extends": "./tsconfig.base.json" }',
    'packages/b/src/lib/name/index.ts': 'export const name = "b"',
    'packages/b/src/other.ts': `import { name } from '@/lib/name'\nexport const other: string = name`,
    'packages/a/evals/missing.eval.ts': `import '@/lib/none'\nexport default {}`,
  })
  expect(await nameOf('packages/a/evals/q.eval.ts')).toBe('ab')
  expect(await nameOf('packages/a/evals/missing.eval.ts')).toMatch(/^CLI_FILE_FAILED.*Cannot find package '@\/lib'/)
})
