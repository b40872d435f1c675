import { expect, test } from 'vitest'
import { z } from 'zod'
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
  expect(messageOf(() => jsonSchema({ schema: { properties: { a: { type: 'objekt' } } } }))).toContain(
    'JSON_SCHEMA_UNUSABLE  The JSON schema cannot be used: "#/properties/a/type is not what draft 2020-12 allows there (enum)"',
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
  'email',
  'hostname',
  'ipv4',
  'ipv6',
  'uuid',
  'regex',
  'json-pointer',
  'relative-json-pointer',
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

const reward = (schema: JsonValue, text: string): number | null => gradeWith(jsonSchema({ schema }), text, null, 'reward').reward

test.each(['toString', 'constructor', 'valueOf', 'hasOwnProperty', '__proto__'])(
  'jsonSchema() does not take %s of every object for a member',
  (name) => {
    const member = `{${JSON.stringify(name)}:1}`
    expect([reward({ required: [name] }, '{}'), reward({ required: [name] }, member)]).toEqual([0, 1])
    const typed = `{"properties":{${JSON.stringify(name)}:{"type":"string"}}}`
    expect([reward(typed, '{}'), reward(typed, member)]).toEqual([1, 0])
    expect(reward(`{"dependentRequired":{${JSON.stringify(name)}:["a"]}}`, '{}')).toBe(1)
    expect([reward({ maxProperties: 0 }, member), reward({ additionalProperties: false }, member)]).toEqual([0, 0])
  },
)

test.each<[JsonValue, string, number]>([
  ['{"const":12345678901234567890}', '12345678901234567890', 1],
  ['{"const":12345678901234567890}', '12345678901234567891', 0],
  ['{"enum":[{"id":9007199254740993}]}', '{"id":9007199254740992}', 0],
  ['{"enum":[{"id":9007199254740993}]}', '{"id":9007199254740993.0}', 1],
  ['{"maximum":9223372036854775807}', '9223372036854775807', 1],
  ['{"maximum":9223372036854775807}', '9223372036854775808', 0],
  ['{"exclusiveMinimum":-9007199254740993}', '-9007199254740993', 0],
  [{ maximum: 1 }, '1.00000000000000000001', 0],
  [{ minimum: 0.3 }, '0.29999999999999999999', 0],
  [{ multipleOf: 0.1 }, '0.3', 1],
  [{ multipleOf: 0.01 }, '4.35', 1],
  [{ multipleOf: 2 }, '9007199254740993', 0],
  [{ multipleOf: 3 }, '1e300', 0],
  [{ multipleOf: 5 }, '1e999999999', 1],
  [{ uniqueItems: true }, '[9007199254740992,9007199254740993]', 1],
  [{ uniqueItems: true }, '[1,1.0,10e-1]', 0],
  [{ uniqueItems: true }, '[{"a":1,"b":2},{"b":2,"a":1}]', 0],
  [{ type: 'integer' }, '12345678901234567890', 1],
  [{ type: 'integer' }, '"12345678901234567890"', 0],
  [{ type: 'integer' }, '1.00000000000000000001', 0],
  [{ type: 'string' }, '"s12345678901234567890"', 1],
  [{ const: 'n1' }, '["n1", 12345678901234567890]', 0],
])('jsonSchema() of %j compares the numbers of %s by their digits', (schema, text, wanted) => {
  expect(reward(schema, text)).toBe(wanted)
})

test('jsonSchema() gives no grade for a number that was rounded before it came', () => {
  const grader = jsonSchema({ schema: { type: 'integer' } })
  expect(grader.grade(inputOf('', null, 'eval', 2 ** 60))).toMatchObject({ reward: null, errors: [{ code: 'NUMBER_ROUNDED' }] })
  expect(grader.grade(inputOf('', null, 'eval', 2 ** 50))).toMatchObject({ reward: 1 })
})

test.each<[JsonValue, string]>([
  [{ requierd: ['a'] }, '"requierd" is no keyword; "required" is (at #)'],
  [{ properties: { a: { minlength: 2 } } }, '"minlength" is no keyword; "minLength" is (at #/properties/a)'],
  [{ nullable: true, type: 'string' }, 'draft 2020-12 has no keyword "nullable" (at #)'],
  [{ dependencies: { a: ['b'] } }, 'draft 2020-12 has no keyword "dependencies" (at #)'],
  [
    { $schema: 'http://json-schema.org/draft-07/schema#', unevaluatedProperties: false },
    'draft 7 has no keyword "unevaluatedProperties" (at #)',
  ],
  [{ items: { $ref: 'https://example.org/x.json' } }, 'it refers to https://example.org/x.json, which is not in it; nothing is fetched'],
  [{ $ref: '#/$defs/a' }, 'it refers to #/$defs/a, which is not in it'],
  [{ $ref: '#' }, 'it refers to itself without going deeper, at #'],
  [{ format: 'emial' }, 'the format emial is none of date, time, '],
  [{ maximum: 2 ** 63 }, 'JavaScript rounds the number 9223372036854776000: give the schema as its JSON text'],
  [{ $schema: 'http://json-schema.org/draft-04/schema#' }, 'its $schema http://json-schema.org/draft-04/schema# is none of '],
  [
    { $schema: 'https://json-schema.org/draft/2020-12/schema', format: 'email' },
    "it has the keyword format, which draft 2020-12 does not check by itself: say formats: 'assert' to check it or formats: 'annotation' to let it pass",
  ],
  [{ properties: { a: { tpye: 'string' } } }, '"tpye" is no keyword; "type" is'],
  ['{"type":', ''],
])('jsonSchema() refuses %j by name', (schema, reason) => {
  const message = messageOf(() => jsonSchema({ schema }))
  expect(message).toContain('JSON_SCHEMA_UNUSABLE')
  expect(message.replaceAll('\\"', '"')).toContain(reason)
})

test('jsonSchema() leaves words that mean nothing to it alone, and reads metaschemas that it refers to', () => {
  expect(reward({ 'x-order': 1, markdownDescription: 'a', example: 3, type: 'integer' }, '3')).toBe(1)
  const meta: JsonValue = { $ref: 'https://json-schema.org/draft/2020-12/schema' }
  expect([reward(meta, '{"type":"string"}'), reward(meta, '{"type":7}')]).toEqual([1, 0])
})

test('jsonSchema() checks the formats of a schema that zod wrote', () => {
  const of = (kind: z.ZodType) => jsonSchema({ schema: z.toJSONSchema(z.object({ e: kind })) as JsonValue })
  expect([z.email(), z.url(), z.iso.datetime()].map((kind) => gradeWith(of(kind), '{"e":"a@b.co"}', null).reward)).toEqual([1, 0, 0])
  expect(gradeWith(of(z.iso.date()), '{"e":"2026-02-30"}', null).reward).toBe(0)
  // A format of zod's own, whose pattern stands beside it.
  expect(['cjld2cjxh0000qzrmn831i7rn', 'x'].map((e) => gradeWith(of(z.cuid()), JSON.stringify({ e }), null).reward)).toEqual([1, 0])
  expect(messageOf(() => of(z.jwt()))).toContain('the format jwt is none of')
})

test('jsonSchema() says whether formats are checked, or leaves it to the draft', () => {
  const schema = { $schema: 'https://json-schema.org/draft/2020-12/schema', format: 'ipv4' }
  const rewardOf = (formats: 'assert' | 'annotation') => gradeWith(jsonSchema({ schema, formats }), '"1.2.3"', null).reward
  expect([rewardOf('assert'), rewardOf('annotation')]).toEqual([0, 1])
  expect(jsonSchema({ schema, formats: 'assert' }).settings).toEqual({ schema, formats: 'assert' })
})

test('jsonSchema() takes time polynomial in an answer when branches of a schema refer back to it', () => {
  const twice = jsonSchema({
    schema: {
      anyOf: [
        { type: 'array', items: { $ref: '#' }, minItems: 2 },
        { type: 'array', items: { $ref: '#' }, maxItems: 1 },
        { type: 'integer' },
      ],
    },
  })
  expect(rewards(twice, `${'['.repeat(90)}1${']'.repeat(90)}`, null)).toEqual([1, 1])
  expect(rewards(twice, `${'['.repeat(90)}"1"${']'.repeat(90)}`, null)).toEqual([0, 0])
  const doubling = Object.fromEntries(
    Array.from({ length: 40 }, (_, index) => [`d${index + 1}`, { allOf: [{ $ref: `#/$defs/d${index}` }, { $ref: `#/$defs/d${index}` }] }]),
  )
  expect(reward({ $ref: '#/$defs/d40', $defs: { d0: { type: 'integer' }, ...doubling } }, '1')).toBe(1)
})
