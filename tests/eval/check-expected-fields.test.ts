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
})

// A value that the grader can use, and those that it cannot with what is said of them.
test.each<readonly [Grader, CaseInput['expected'], readonly (readonly [CaseInput['expected'], string])[]]>([
  [
    graders.exactMatch(),
    7,
    [
      [null, 'not a text, number or boolean'],
      [['a'], 'not a text, number or boolean'],
    ],
  ],
  [
    graders.oneOf(),
    ['a', 1, true],
    [
      [[], 'not a list of texts, numbers or booleans'],
      [null, 'not a list of texts, numbers or booleans'],
    ],
  ],
  [
    graders.contains(),
    ['a', 1],
    [
      ['', 'not a text or a list of texts, none of them empty'],
      [[null], 'not a text or a list'],
    ],
  ],
  [graders.regex({ pattern: '(a)', group: 1 }), false, [[{}, 'not a text, number or boolean']]],
  [graders.label({ labels: ['a', 'b'] }), 'A', [['c', 'not one of the labels a, b']]],
  [
    graders.answer(),
    ['1/2', 3],
    [
      ['', 'not a text or number, or a list of them'],
      [true, 'not a text or number'],
    ],
  ],
  [
    graders.number(),
    '1,200',
    [
      ['12 mg', 'not a number'],
      [null, 'not a number'],
    ],
  ],
  [graders.number({ unit: 'mg' }), '0.5 g', [['12 ml', 'not a number, alone or with a unit like mg']]],
  [graders.date(), '2026-11-23T14:30', [['23.11.2026', 'not a day like 2026-11-23, a time like 14:30, or both']]],
  [
    graders.isoDate(),
    '2026-11-23',
    [
      ['2026-02-30', 'not a day like 2026-11-23'],
      [20261123, 'not a day'],
    ],
  ],
  [
    graders.list(),
    ['a'],
    [
      ['a, b', 'not a list of 1 to '],
      [[], 'not a list'],
    ],
  ],
  [graders.set(), [1, true], [[[{}], 'not a list of 1 to ']]],
  [
    graders.jsonMatch(),
    { a: 1 },
    [
      ['{"a":1}', 'not a JSON object'],
      [{}, 'not a JSON object with fields'],
    ],
  ],
  [graders.jsonMatch({ fields: { a: 'date' } }), { a: null }, [[{ a: 'May 5' }, 'not an object whose "a" is a day like 2026-11-23']]],
  [graders.toolCall(), [], [['pay', 'not a call like {"name": "…", "arguments": {…}} or a list of calls']]],
  [
    graders.toolCall({ arguments: { n: 'number' } }),
    { name: 'pay', arguments: { n: 1 } },
    [[{ name: 'pay', arguments: { n: 'one' } }, 'not a call whose argument "n" is a number']],
  ],
  [graders.editDistance(), 'a', [[null, 'not a text, number or boolean']]],
  [graders.bleu(), ['', 'a b'], [['', 'not a text that bleu can measure, or a list of such texts']]],
  [graders.rouge({ n: 3 }), 'a b c', [['a b', 'not a text that rouge_3 can measure']]],
  [graders.embeddingSimilarity({ model: 'm' }), 'a', [[7, 'not a text or a list of texts']]],
  [graders.judge.pairwise({ model: 'm', against: 'expected' }), 'a', [[null, 'not an answer to compare with']]],
  [graders.runsTests({ language: 'python' }), 'assert f(1) == 2', [[[], 'the tests are empty']]],
  [graders.ifeval(), { instruction_id_list: ['punctuation:no_comma'], kwargs: [{}] }, [['x', 'it must be a row with instruction_id_list']]],
])('loadEval() refuses what a grader cannot compare with, by row and case: $0.name', async (grader, good, bad) => {
  const rows = (expected: CaseInput['expected']): readonly CaseInput[] => [
    { id: 'a', input: 'x', expected: good, role: 'dev' },
    { id: 'b', input: 'y', expected, role: 'gate' },
  ]
  expect(await load(grader, rows(good))).toBe('loaded')
  for (const [expected, problem] of bad) {
    const message = await load(grader, rows(expected))
    expect(message).toContain(`EXPECTED_UNUSABLE  Grader "${grader.name}" of eval "order" cannot use what cases expect: `)
    expect(message).toContain(`evals/order/order.eval.ts (case 2), case "b": ${problem}`)
    expect(message).toContain('fix    correct `expected` of these cases')
  }
})
