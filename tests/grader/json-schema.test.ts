import { expect, test } from 'vitest'
import type { JsonValue } from '../../src/base/json.ts'
import { jsonSchema } from '../../src/grader/json-schema.ts'
import { gradeWith, inputOf, messageOf, rewards } from './grade-with.ts'

const PERSON: JsonValue = {
  type: 'object',
  properties: {
    name: { type: 'string', pattern: '^[A-Z][a-z]+$' },
    age: { type: 'integer', minimum: 0 },
    mail: { type: 'string', format: 'email' },
  },
  required: ['name', 'age'],
  additionalProperties: false,
}
const person = jsonSchema({ schema: PERSON })

test.each([
  ['{"name":"Ann","age":3}', [1, 1]],
  [' {"name":"Ann","age":3.0}\n', [1, 1]],
  ['```json\n{"name":"Ann","age":3}\n```', [1, 0]],
  ['Here: {"name":"Ann","age":3}', [1, 0]],
  ['{"name":"ann","age":3}', [0, 0]],
  ['{"name":"Ann","age":"3"}', [0, 0]],
  ['{"name":"Ann"}', [0, 0]],
  ['{"name":"Ann","age":3,"x":1}', [0, 0]],
  ['{"name":"Ann","age":3,"__proto__":1}', [0, 0]],
  ['{"name":"Ann","age":3,"mail":"nobody"}', [0, 0]],
  ['{"name":"Ann","age":3,"mail":"ann@example.org"}', [1, 1]],
  ['{"name":"Ann","age":3', [0, 0]],
  ['[]', [0, 0]],
  ['', [0, 0]],
])('jsonSchema() rewards %j with %j (eval, reward)', (text, wanted) => {
  expect(rewards(person, text, null)).toEqual(wanted)
})

test('jsonSchema() says whether the form was right, and takes what the parser made', () => {
  expect(gradeWith(person, 'x {"name":"Ann","age":3}', null)).toMatchObject({ formatValid: false, extractionRule: 'in-prose' })
  expect(gradeWith(person, '{"name":"Ann"}', null)).toMatchObject({ reward: 0, formatValid: false, extractionRule: 'whole' })
  expect(person.grade(inputOf('whatever', null, 'reward', { name: 'Ann', age: 3 }))).toMatchObject({ reward: 1, extractionRule: 'parsed' })
})

test('jsonSchema() understands drafts 7, 2019-09 and 2020-12', () => {
  for (const draft of [
    'http://json-schema.org/draft-07/schema#',
    'https://json-schema.org/draft/2019-09/schema',
    'https://json-schema.org/draft/2020-12/schema',
  ])
    expect(rewards(jsonSchema({ schema: { $schema: draft, type: 'integer' } }), '3', null), draft).toEqual([1, 1])
  expect(rewards(jsonSchema({ schema: { prefixItems: [{ type: 'integer' }] } }), '["a"]', null)).toEqual([0, 0])
})

test('jsonSchema() refuses what is no schema when it is defined', () => {
  expect(messageOf(() => jsonSchema({ schema: { type: 'objekt' } }))).toMatch(
    /^JSON_SCHEMA_UNUSABLE {2}The JSON schema cannot be used: "schema is invalid: data\/type /,
  )
  expect(messageOf(() => jsonSchema({ schema: [] }))).toBe(
    'JSON_SCHEMA_UNUSABLE  The JSON schema cannot be used: "a schema is an object, true or false"\n' +
      '  where  graders.jsonSchema({ schema }), <here>\n' +
      '  fix    give a schema of draft 2020-12, 2019-09 or 7 that refers to nothing outside itself',
  )
  expect(() => jsonSchema({ schema: { $ref: 'https://example.org/x.json' } })).toThrow('JSON_SCHEMA_UNUSABLE')
  expect(() => jsonSchema({ schema: { $schema: 'http://json-schema.org/draft-04/schema#' } })).toThrow('JSON_SCHEMA_UNUSABLE')
  expect(() => jsonSchema({ schema: { pattern: '(?=a)' } })).toThrow('PATTERN_UNUSABLE')
  expect(() => jsonSchema({ schema: { patternProperties: { '(a)\\1': true } } })).toThrow('PATTERN_UNUSABLE')
})

test('jsonSchema() runs the patterns of a schema without backtracking', () => {
  const grader = jsonSchema({ schema: { type: 'string', pattern: '^(a|aa)*$' } })
  expect(rewards(grader, JSON.stringify(`${'a'.repeat(10_000)}b`), null)).toEqual([0, 0])
  expect(rewards(grader, JSON.stringify('a'.repeat(10_000)), null)).toEqual([1, 1])
})

test('jsonSchema() with a schema that refers to itself gives a deep answer 0', () => {
  const tree = jsonSchema({ schema: { type: 'array', items: { $ref: '#' } } })
  expect(rewards(tree, '[[[]],[]]', null)).toEqual([1, 1])
  expect(rewards(tree, '['.repeat(5000) + ']'.repeat(5000), null)).toEqual([0, 0])
})

const FORMATS = [
  'date',
  'time',
  'date-time',
  'duration',
  'uri',
  'uri-reference',
  'uri-template',
  'email',
  'hostname',
  'ipv4',
  'ipv6',
  'uuid',
  'regex',
  'json-pointer',
  'byte',
  'url',
]

test.each(FORMATS)('jsonSchema() checks the format %s of hostile text in bounded time', (format) => {
  const grader = jsonSchema({ schema: { type: 'string', format } })
  const start = performance.now()
  for (const piece of ['a', '1', '.', '-', 'a.', '{a}', '%41', ':', '/~0', '1:', '@', 'a@', '(', 'P1Y'])
    expect(gradeWith(grader, JSON.stringify(`${piece.repeat(10_000 / piece.length)}\u0000`), null).reward, piece).toBeTypeOf('number')
  // Generous for a busy machine; anything quadratic takes longer.
  expect(performance.now() - start).toBeLessThan(1000)
})

test('jsonSchema() keeps several patterns of one schema apart', () => {
  const grader = jsonSchema({
    schema: { properties: { a: { pattern: '^a$' }, b: { pattern: '^b$' } }, patternProperties: { '^x': { type: 'number' } } },
  })
  expect(rewards(grader, '{"a":"a","b":"b","x1":1}', null)).toEqual([1, 1])
  expect(rewards(grader, '{"a":"a","b":"a"}', null)).toEqual([0, 0])
  expect(rewards(grader, '{"x1":"1"}', null)).toEqual([0, 0])
})
