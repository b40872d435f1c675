import { expect, test } from 'vitest'
import type { CaseInput } from '../../src/eval/case.ts'
import { defineEval } from '../../src/eval/define-eval.ts'
import type { Grader } from '../../src/eval/grader.ts'
import { loadEval } from '../../src/eval/load-eval.ts'
import { graders } from '../../src/grader/graders.ts'

const ORDERS: readonly CaseInput[] = [
  { id: 'a', input: 'x', expected: { name: 'kite', address: { city: 'Oslo' } }, role: 'dev' },
  { id: 'b', input: 'y', expected: { count: 2 }, role: 'gate' },
]

async function load(grader: Grader, cases: readonly CaseInput[] = ORDERS): Promise<string> {
  const definition = defineEval({ name: 'order', cases, prompt: '{{input}}', graders: [grader] })
  return loadEval(definition, { origin: 'evals/order/order.eval.ts' }).then(
    () => 'loaded',
    (error: unknown) => (error as Error).message,
  )
}

test('loadEval() refuses a compared field that no case expects, by the right name and the eval it stands in', async () => {
  expect(await load(graders.jsonMatch({ fields: { count: 'number', nmae: 'exact' } })))
    .toBe(`GRADER_FITS_NO_CASE  Grader "json-match" of eval "order" cannot work: it compares the field "nmae", which no expected answer has
  where  evals/order/order.eval.ts
  fix    did you mean "name"? expected answers have "name", "address", "count"`)
  expect(await load(graders.jsonMatch({ fields: { '/address/ctiy': 'exact' } }))).toContain('it compares the field "/address/ctiy"')
})

test('loadEval() refuses such a field in a part of another grader, and in tool calls', async () => {
  const part = graders.jsonMatch({ fields: { nmae: 'exact' } })
  expect(await load(graders.weighted({ graders: [graders.formula({ graders: { part }, expression: 'part' })] }))).toContain('"nmae"')
  const calls = [{ id: 'a', input: 'x', expected: [{ name: 'book', arguments: { city: 'Oslo' } }], role: 'dev' as const }]
  expect(await load(graders.toolCall({ arguments: { ctiy: 'text' } }), calls)).toContain(
    'it compares the argument "ctiy", which no expected answer has',
  )
  expect(await load(graders.toolCall({ arguments: { city: 'text' } }), calls)).toBe('loaded')
})

test('loadEval() takes fields that any case expects, null included', async () => {
  expect(await load(graders.jsonMatch({ fields: { name: 'text', count: 'number', '/address/city': 'exact' } }))).toBe('loaded')
  expect(await load(graders.jsonMatch({ fields: { a: 'text' } }), [{ id: 'a', input: 'x', expected: { a: null }, role: 'dev' }])).toBe(
    'loaded',
  )
  expect(await load(graders.jsonMatch({ fields: { a: 'text' } }), [{ id: 'a', input: 'x', expected: 'no object', role: 'dev' }])).toBe(
    'loaded',
  )
})
