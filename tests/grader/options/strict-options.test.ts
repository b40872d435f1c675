import { expect, test } from 'vitest'
import type { Grader } from '../../../src/eval/grader.ts'
import { graders } from '../../../src/grader/graders.ts'
import { judge } from '../../../src/grader/judge.ts'
import { messageOf } from '../grade-with.ts'

type Options = Readonly<Record<string, unknown>>
type Make = (options: Options) => Grader

/** Calls a factory as JavaScript may: with anything. */
const loose =
  (factory: (options: never) => Grader): Make =>
  (options) =>
    factory(options as never)

const part = graders.exactMatch()
const asked = { model: 'm', showExpected: true, maxNewTokens: 9, seed: 1, timeoutMs: 9 }
const limits = { timeoutMs: 9, memoryMb: 9 }
const RFT = { type: 'string_check', name: 's', input: 'a', reference: 'b', operation: 'eq' }

/** Graders with every one of their settings. */
const EVERY: { readonly [Name in Exclude<keyof typeof graders, 'judge'>]?: readonly [Make, Options] } = {
  exactMatch: [loose(graders.exactMatch), { ignoreCase: true }],
  contains: [loose(graders.contains), { values: ['a'], match: 'any', ignoreCase: true, wordBoundaries: true, exclusive: ['b'] }],
  oneOf: [loose(graders.oneOf), { values: ['a', 1, true] }],
  regex: [loose(graders.regex), { pattern: '(a)', flags: 'i', group: 1, full: true }],
  label: [loose(graders.label), { labels: ['a', 'b'] }],
  answer: [
    loose(graders.answer),
    {
      ...{ percent: 'value', units: ['length'], missingUnit: 'accept', listOrder: 'free', decimalMark: 'comma', evaluate: true },
      ...{ extract: ['boxed'], marker: '#', field: 'a' },
    },
  ],
  number: [loose(graders.number), { tolerance: 1, relativeTolerance: 0.1, unit: 'mg' }],
  date: [loose(graders.date), { order: 'day-first' }],
  isoDate: [loose(graders.isoDate), {}],
  list: [loose(graders.list), { items: 'exact', credit: 'all', separator: ',' }],
  set: [loose(graders.set), { items: 'exact', credit: 'all', separator: ',' }],
  jsonMatch: [loose(graders.jsonMatch), { fields: { a: 'exact', b: { oneOf: 'text' } } }],
  jsonSchema: [loose(graders.jsonSchema), { schema: true }],
  toolCall: [loose(graders.toolCall), { arguments: { a: 'text' }, order: 'exact', allowExtra: true }],
  editDistance: [loose(graders.editDistance), { minSimilarity: 0.5, ignoreCase: true }],
  bleu: [loose(graders.bleu), {}],
  rouge: [loose(graders.rouge), { n: 'l' }],
  textSimilarity: [loose(graders.textSimilarity), { metric: 'bleu' }],
  embeddingSimilarity: [loose(graders.embeddingSimilarity), { model: 'm', threshold: 0.5, timeoutMs: 9 }],
  javascript: [loose(graders.javascript), { source: 'x', ...limits }],
  python: [loose(graders.python), { source: 'x', ...limits, python: 'python3', sandbox: 'required' }],
  runsTests: [
    loose(graders.runsTests),
    {
      language: 'python',
      tests: [{ args: [1], expected: 2 }],
      entry: 'f',
      ...limits,
      python: 'python3',
      packages: true,
      sandbox: 'required',
    },
  ],
  ifeval: [loose(graders.ifeval), { mode: 'loose' }],
  weighted: [loose(graders.weighted), { graders: [part], weights: [1] }],
  formula: [loose(graders.formula), { graders: { a: part }, expression: 'a', pass: 1, outOfRange: 'refuse' }],
  fromRft: [
    (options) => graders.fromRft(RFT, options),
    {
      ...{ models: { a: 'b' }, embeddings: 'm', onError: 'zero', passThreshold: 'apply', allowLabelModel: true, timeoutMs: 9 },
      python: () => part,
    },
  ],
  custom: [(options) => graders.custom('c', () => true, options), { timeoutMs: 9, settings: { a: 1 } }],
}
const JUDGES: Readonly<Record<keyof typeof judge, readonly [Make, Options]>> = {
  score: [loose(judge.score), { ...asked, rubric: 'r', range: [0, 1] }],
  label: [loose(judge.label), { ...asked, question: 'q', labels: ['a', 'b'], passing: ['a'] }],
  pairwise: [
    loose(judge.pairwise),
    { model: 'm', maxNewTokens: 9, seed: 1, timeoutMs: 9, against: 'chosen', rubric: 'r', swap: true, disagreement: 'null' },
  ],
  rubric: [loose(judge.rubric), { ...asked, criteria: [{ name: 'a', text: 'b', weight: 1 }] }],
}
const ALL = [...Object.entries(EVERY), ...Object.entries(JUDGES).map(([name, row]) => [`judge.${name}`, row] as const)].map(
  ([name, [make, options]]) => ({ name, make, options: { ...(name === 'custom' ? {} : { name: 'n' }), weight: 1, ...options } as Options }),
)

/** The name with its first two letters the other way round, or one letter more. */
const misspelt = (name: string): string => (name.length > 3 ? `${name[1]}${name[0]}${name.slice(2)}` : `${name}x`)

const OTHERS = Object.entries(graders).flatMap(([name, make]) => (name === 'judge' || name in EVERY ? [] : [[name, make] as const]))

test('every grader that is not in the table of this test refuses a setting that it does not have', () => {
  for (const [name, make] of OTHERS)
    expect(
      messageOf(() => (make as (options: object) => Grader)({ wieght: 1 })),
      name,
    ).toContain('has no setting "wieght", did you mean "weight"?')
  expect(Object.keys(JUDGES)).toEqual(Object.keys(judge))
  expect(Object.keys(EVERY).length).toBeGreaterThan(25)
})

test.each(ALL)('$name() takes all of its settings, and refuses each of them misspelt, by the right name', ({ make, options }) => {
  expect(make(options).weight).toBe(1)
  for (const [key, value] of Object.entries(options)) {
    const { [key]: _, ...rest } = options
    const text = messageOf(() => make({ ...rest, [misspelt(key)]: value }))
    expect(text).toContain('GRADER_OPTIONS_INVALID')
    expect(text).toContain(`has no setting "${misspelt(key)}", did you mean "${key}"?`)
    expect(text).toMatch(/\n {2}where {2}graders\.\S.*, <here>\n/)
  }
})

test.each(ALL)('$name() refuses settings of another kind, and what is no object', ({ make, options }) => {
  const other = Symbol('neither text nor number')
  for (const key of Object.keys(options)) {
    if (key === 'schema') continue
    expect(
      messageOf(() => make({ ...options, [key]: other })),
      key,
    ).toContain(`The settings of a grader are not usable: ${key} `)
  }
  for (const wrong of [[], ['a'], 'a', 1, null, () => options])
    expect(
      messageOf(() => make(wrong as never)),
      String(wrong),
    ).not.toBe('nothing was thrown')
})

test.each([
  [
    'a list of fields',
    () => graders.jsonMatch({ fields: ['name'] as never }),
    "fields must be an object like { city: 'text' }, not a list",
  ],
  [
    'a list where settings are meant',
    () => graders.jsonMatch(['name'] as never),
    'must be an object with name, weight, fields, not a list',
  ],
  [
    'an unknown comparison',
    () => graders.jsonMatch({ fields: { a: 'fuzzy' as never } }),
    'fields.a must be "exact" or "text" or "number" or "date" or "list"',
  ],
  ['no field', () => graders.jsonMatch({ fields: {} }), 'no field is compared'],
  [
    'an unknown comparison of an argument',
    () => graders.toolCall({ arguments: { a: 'fuzzy' as never } }),
    'arguments must be "exact", "subset" or an object',
  ],
  [
    'a misspelt weight of a criterion',
    () => judge.rubric({ model: 'm', criteria: [{ name: 'a', text: 'b', wieght: 2 } as never] }),
    'criteria.0 has no setting "wieght", did you mean "weight"?',
  ],
  ['a weight of nothing', () => graders.number({ weight: 0 }), 'weight must be a number above 0'],
  ['an empty name', () => graders.number({ name: '' }), 'name must not be empty'],
  ['a text where a list is meant', () => graders.label({ labels: 'urgent' as never }), 'labels must be a list of texts'],
  [
    'a grader that was not made',
    () => graders.weighted({ graders: [graders.number as never] }),
    'graders.0 must be a grader, for example graders.exactMatch()',
  ],
  [
    'a misspelt gold of a test',
    () => graders.runsTests({ language: 'python', tests: [{ args: [1], want: 2 } as never] }),
    'test 1 has the member "want"',
  ],
  ['a function that is none', () => graders.custom('a', 'b' as never), 'it wants a name and a function'],
])('graders refuse %s', (_, make, problem) => {
  expect(messageOf(make)).toContain(problem)
})

test('a refusal names the misspelt setting, the line of the eval and all settings', () => {
  expect(messageOf(() => graders.number({ tolerence: 1 } as never))).toBe(
    'GRADER_OPTIONS_INVALID  The settings of a grader are not usable: has no setting "tolerence", did you mean "tolerance"?\n' +
      '  where  graders.number({ … }), <here>\n' +
      '  fix    its settings are name, weight, tolerance, relativeTolerance, significantDigits, unit',
  )
})
