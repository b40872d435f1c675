import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { renderMethodDocs } from '../../scripts/make-method-docs.ts'
import { METHOD_CARDS } from '../../src/method/method-cards.ts'

const page = readFileSync(fileURLToPath(new URL('../../docs/methods.md', import.meta.url)), 'utf8')

it('docs/methods.md is what the cards say', () => {
  expect(page).toBe(renderMethodDocs())
})

it.each(METHOD_CARDS.map((card) => [card.name, card] as const))('docs/methods.md documents every setting of %s', (_, { schema }) => {
  const rows = [...page.matchAll(/^\| `(\w+)` \|.*\| (.*) \|$/gm)]
  for (const key of Object.keys(schema.shape).filter((one) => one !== 'name'))
    expect([key, rows.some(([, name, meaning]) => name === key && (meaning ?? '').length > 5)]).toEqual([key, true])
})
