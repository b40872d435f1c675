/**
 * @file The types that users meet, as tsc writes them: a change of a public type is a decision that the diff of public-types.txt shows to whoever
 * reviews it. Reads dist/, as `npm test` builds it. To accept a change: npx vitest run --project unit tests/surface/public-types.test.ts -u
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { declarationsOf, exportedNames } from './declarations.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const { exports: entries } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  readonly exports: Readonly<Record<string, { readonly types: string } | string>>
}
const typed = Object.entries(entries).flatMap(([name, entry]) =>
  typeof entry === 'string' ? [] : [{ name: name.replace(/^\./, 'holdfast'), file: join(root, entry.types) }],
)

test('declarationsOf() finds what names lead to, through files that hand them on', () => {
  const declarations = declarationsOf([join(root, 'dist/index.d.ts')])
  expect(declarations).toContain(
    `interface SuiteDefinition {\n    readonly kind: 'holdfast.suite-definition';\n    readonly options: SuiteOptions;\n}\n`,
  )
  expect(declarations.some((text) => text.startsWith('interface GateOptions {'))).toBe(true)
  expect(declarations.some((text) => text.startsWith('interface RunResult {'))).toBe(false)
})

test('the names and shapes of public types are those that were reviewed', async () => {
  const names = typed.map(({ name, file }) => `// ${name}\n${exportedNames(file).join('\n')}\n`)
  const declarations = declarationsOf(typed.map(({ file }) => file))
  await expect(`${names.join('\n')}\n// declarations\n${declarations.join('\n')}`).toMatchFileSnapshot('public-types.txt')
})
