import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { JsonValue } from '../../src/base/json.ts'
import { parseExactJson } from '../../src/base/parse-exact-json.ts'
import { findJsonObject } from '../../src/grader/json/find-json-object.ts'
import { jsonMatch } from '../../src/grader/json-match.ts'
import type { JsonMatchOptions } from '../../src/grader/json-match.ts'
import { gradeWith, inputOf, rewards } from './grade-with.ts'

const GOLD = { drug: 'Xanax', dose: 20, date: '2026-11-23', urgent: false }
const order = jsonMatch({ fields: { drug: 'text', dose: 'number', date: 'date', urgent: 'exact' } })
const text = (changes: object = {}): string => JSON.stringify({ ...GOLD, ...changes })

test('jsonMatch() gives the share of fields that are right', () => {
  expect(rewards(order, text(), GOLD)).toEqual([1, 1])
  expect(rewards(order, text({ dose: 21 }), GOLD)).toEqual([0.75, 0.75])
  expect(gradeWith(order, text({ dose: 21, urgent: 'false' }), GOLD)).toEqual({
    reward: 0.5,
    subRewards: { drug: 1, dose: 0, date: 1, urgent: 0 },
    formatValid: true,
    extractionRule: 'whole',
    errors: [],
  })
})

test('jsonMatch() ignores the order of keys and white space', () => {
  expect(rewards(order, ' {"urgent": false,\n "date":"2026-11-23","dose":20.0,"drug":" xanax "} ', GOLD)).toEqual([1, 1])
})

test.each([
  ['prose around it', `Sure! ${text()} Anything else?`, [1, 0], 'in-prose'],
  ['a code fence', `\`\`\`json\n${text()}\n\`\`\``, [1, 0], 'code-fence'],
  ['an extra key', text({ note: 'hi' }), [1, 0], 'whole'],
  ['a number as text', text({ dose: '20' }), [1, 0.75], 'whole'],
  ['two objects', `${text()} ${text()}`, [0, 0], null],
  ['an array around it', `[${text()}]`, [1, 0], 'in-prose'],
  ['no JSON', 'I cannot do that', [0, 0], null],
  ['a broken object', text().slice(0, -1), [0, 0], null],
  ['a missing field', '{"drug":"Xanax"}', [0.25, 0.25], 'whole'],
  ['a JSON string of it', JSON.stringify(text()), [0, 0], null],
  ['braces in prose', `{sic} ${text()} {`, [1, 0], 'in-prose'],
  ['an apostrophe before it', `Here's "it: ${text()}`, [1, 0], 'in-prose'],
])('jsonMatch() rewards %s as declared for its profile', (_, completion, wanted, rule) => {
  expect(rewards(order, completion, GOLD)).toEqual(wanted)
  expect(gradeWith(order, completion, GOLD).extractionRule).toBe(rule)
})

test('jsonMatch() takes an inherited member for no answer', () => {
  const grader = jsonMatch({ fields: JSON.parse('{"toString":"exact","constructor":"exact","__proto__":"exact"}') as never })
  const gold = JSON.parse('{"toString":"a","constructor":"b","__proto__":"c"}') as never
  expect(rewards(grader, '{}', gold)).toEqual([0, 0])
  expect(rewards(grader, '{"toString":"a","constructor":"b"}', gold)).toEqual([2 / 3, 2 / 3])
})

test('jsonMatch() compares "__proto__" keys as data and leaves prototypes alone', () => {
  const gold = JSON.parse('{"a":{"__proto__":{"x":1}}}') as never
  expect(rewards(jsonMatch(), '{"a":{"__proto__":{"x":1}}}', gold)).toEqual([1, 1])
  expect(rewards(jsonMatch(), '{"a":{"__proto__":{"x":2}}}', gold)).toEqual([0, 0])
  expect(rewards(jsonMatch(), '{"__proto__":{"a":{}}}', { a: {} })).toEqual([0, 0])
  expect(({} as { x?: number }).x).toBeUndefined()
})

test('jsonMatch() accepts null or nothing where null is expected, and nothing else', () => {
  expect(rewards(jsonMatch(), '{"a":1,"b":null}', { a: 1, b: null })).toEqual([1, 1])
  expect(rewards(jsonMatch(), '{"a":1}', { a: 1, b: null })).toEqual([1, 1])
  expect(rewards(jsonMatch(), '{"a":1,"b":""}', { a: 1, b: null })).toEqual([0.5, 0.5])
})

test('jsonMatch() compares nested values whole', () => {
  const gold = { items: [{ name: 'x', n: 1 }, { name: 'y' }] }
  expect(rewards(jsonMatch(), '{"items":[{"n":1,"name":"x"},{"name":"y"}]}', gold)).toEqual([1, 1])
  expect(rewards(jsonMatch(), '{"items":[{"name":"y"},{"n":1,"name":"x"}]}', gold)).toEqual([0, 0])
  expect(rewards(jsonMatch(), '{"items":{"0":1,"1":2}}', gold)).toEqual([0, 0])
})

test('jsonMatch() takes an object that the parser made', () => {
  expect(order.grade(inputOf('whatever', GOLD, 'reward', GOLD))).toMatchObject({ reward: 1, extractionRule: 'parsed' })
  expect(order.grade(inputOf('whatever', GOLD, 'eval', [GOLD]))).toMatchObject({ reward: 0, formatValid: false })
})

test('jsonMatch() cannot grade a case whose expected answer is no object', () => {
  expect(gradeWith(order, '{}', 'x').errors).toEqual([
    { code: 'GOLD_UNUSABLE', message: "the case's expected answer is not a JSON object" },
  ])
  expect(gradeWith(jsonMatch(), '{}', {}).reward).toBe(null)
})

test('findJsonObject() finds any object in prose without braces and quotes', () => {
  const prose = fc.string({ unit: fc.constantFrom(...Array.from("abcxyz019 .,:;()[]#*_+'\n\u00e9\u4e2d\ud83d\ude00")) })
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), prose, prose, (object, before, after) => {
      const found = findJsonObject(`${before}${JSON.stringify(object)}${after}`)
      expect(JSON.stringify(found?.object)).toBe(JSON.stringify(parseExactJson(JSON.stringify(object))))
    }),
  )
})

test('jsonMatch() follows a JSON pointer to a field inside, and strictly allows no member beside it', () => {
  const nested = jsonMatch({ fields: { '/who/name': 'text', '/items/1/n': 'number', id: 'exact' } })
  const gold = { id: 7, who: { name: 'Ann' }, items: [{ n: 1 }, { n: 2 }] }
  expect(rewards(nested, '{"id":7,"who":{"name":"ann"},"items":[{},{"n":2}]}', gold)).toEqual([1, 0]) // items/0 is not named
  expect(rewards(nested, '{"id":7,"who":{"name":"bob"}}', gold)).toEqual([1 / 3, 1 / 3])
  expect(rewards(nested, '{"id":7,"who":{"name":"Ann","age":3}}', gold)).toEqual([2 / 3, 0])
  expect(rewards(nested, '{"id":7,"who":"Ann"}', gold)).toEqual([1 / 3, 1 / 3])
  expect(
    rewards(jsonMatch({ fields: { '/__proto__/x': 'exact', '/a~1b/c~0d': 'exact' } }), '{"a/b":{"c~d":1}}', { 'a/b': { 'c~d': 1 } }),
  ).toEqual([1, 1])
})

test('jsonMatch() takes a name with a slash as it stands where the expected object has it', () => {
  expect(rewards(jsonMatch(), '{"/a":1}', { '/a': 1 })).toEqual([1, 1])
  expect(rewards(jsonMatch(), '{"a":1}', { '/a': 1 })).toEqual([0, 0])
})

test('jsonMatch() gives lists and sets partial credit, and strictly none for listing everything', () => {
  const tags = jsonMatch({ fields: { tags: 'set' } })
  const gold = { tags: ['a', 'b'] }
  expect(rewards(tags, '{"tags":["B","a"]}', gold)).toEqual([1, 1])
  expect(rewards(tags, '{"tags":["a"]}', gold)).toEqual([2 / 3, 0.5])
  expect(rewards(tags, '{"tags":["a","b","c","d"]}', gold)).toEqual([2 / 3, 0])
  expect(rewards(tags, '{"tags":"a,b"}', gold)).toEqual([0, 0])
  expect(rewards(tags, '{"tags":[]}', { tags: [] })).toEqual([1, 1])
  expect(rewards(tags, '{}', { tags: [] })).toEqual([0, 0])
  expect(rewards(jsonMatch({ fields: { tags: 'list' } }), '{"tags":["b","a"]}', gold)).toEqual([0.5, 0])
  expect(rewards(jsonMatch({ fields: { tags: 'set' } }), '{"tags":[{"y":1,"x":[2]}]}', { tags: [{ x: [2], y: 1 }] })).toEqual([1, 1])
})

test('jsonMatch() keeps the settings of recorded runs', () => {
  expect([jsonMatch().settings, order.settings, order.version]).toEqual([
    { fields: null },
    { fields: { drug: 'text', dose: 'number', date: 'date', urgent: 'exact' } },
    3,
  ])
})

test('jsonMatch() gives no grade where none of its fields is expected, or an expected value is not what its comparison compares', () => {
  const problem = (fields: NonNullable<JsonMatchOptions['fields']>, gold: JsonValue): unknown =>
    gradeWith(jsonMatch({ fields }), '{}', gold).errors[0]?.message
  expect(problem({ nmae: 'exact' }, { name: 'x' })).toBe('the case\'s expected answer is not an object with any of the fields "nmae"')
  expect(problem({ a: 'number' }, { a: 'many' })).toBe('the case\'s expected answer is not an object whose "a" is a number')
  expect(problem({ a: 'date' }, { a: '23.11.2026' })).toContain('whose "a" is a day like 2026-11-23')
  expect(problem({ a: 'text' }, { a: 1 })).toContain('whose "a" is a text')
  expect(problem({ a: 'set' }, { a: 'x' })).toContain('whose "a" is a list')
  expect(problem({ a: 'one-of' }, { a: [] })).toContain('whose "a" is a list with something in it')
  expect(problem({ a: 'number' }, { a: null })).toBe(undefined)
})

test('jsonMatch() takes one of several values', () => {
  const drug = jsonMatch({ fields: { drug: 'one-of' } })
  const gold = { drug: ['Tylenol', 'paracetamol', 500] }
  const of = (value: JsonValue, grader = drug): readonly (number | null)[] => rewards(grader, JSON.stringify({ drug: value }), gold)
  expect([of('paracetamol'), of(500), of('Paracetamol'), of(gold.drug), of('aspirin'), of(null)]).toEqual([
    [1, 1],
    [1, 1],
    [0, 0],
    [0, 0],
    [0, 0],
    [0, 0],
  ])
  const loose = jsonMatch({ fields: { drug: { oneOf: 'text' } } })
  expect(rewards(loose, '{"drug": " PARACETAMOL "}', { drug: ['Tylenol', 'paracetamol'] })).toEqual([1, 1])
  const near = jsonMatch({ fields: { dose: { oneOf: 'number' } } })
  expect(rewards(near, '{"dose": "5.0"}', { dose: [5, 10] })).toEqual([1, 0])
  expect(rewards(drug, '{"drug": "x"}', { drug: 'x' })).toEqual([1, 1])
})

test('jsonMatch() takes a subset: one or more of the items, each once', () => {
  const tags = jsonMatch({ fields: { tags: 'subset' } })
  const of = (value: JsonValue, gold: JsonValue = ['red', 'green', 'blue']): number | null =>
    gradeWith(tags, JSON.stringify({ tags: value }), { tags: gold }, 'reward').reward
  expect([of(['blue']), of(['Green', 'red']), of(['red', 'green', 'blue'])]).toEqual([1, 1, 1])
  expect([of([]), of(['red', 'red']), of(['red', 'pink']), of('red'), of(null)]).toEqual([0, 0, 0, 0, 0])
  expect([of([], []), of(['red'], [])]).toEqual([1, 0])
})

test('jsonMatch() compares numbers that JavaScript would round digit by digit', () => {
  const gold = parseExactJson('{"id": 12345678901234567890, "part": 0.12345678901234567}') as JsonValue
  const given = (id: string, part = '0.12345678901234567'): string => `{"id": ${id}, "part": ${part}}`
  for (const grader of [jsonMatch(), jsonMatch({ fields: { id: 'number', part: 'number' } })]) {
    expect(rewards(grader, given('12345678901234567890'), gold)).toEqual([1, 1])
    expect(rewards(grader, given('12345678901234567890.0'), gold)).toEqual([1, 1])
    expect(rewards(grader, given('12345678901234567891'), gold)).toEqual([0.5, 0.5])
    expect(rewards(grader, given('12345678901234567890', '0.12345678901234568'), gold)).toEqual([0.5, 0.5])
  }
  expect(rewards(jsonMatch(), '{"n": 100000000000000000000}', { n: 1e20 })).toEqual([1, 1])
  expect(rewards(jsonMatch(), '{"n": 9007199254740993}', { n: 9007199254740992 })).toEqual([0, 0])
  expect(
    rewards(
      jsonMatch({ fields: { ids: 'set' } }),
      '{"ids": [9007199254740993]}',
      parseExactJson('{"ids": [9007199254740992]}') as JsonValue,
    ),
  ).toEqual([0, 0])
})
