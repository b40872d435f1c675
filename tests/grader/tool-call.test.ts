import { expect, test } from 'vitest'
import type { JsonValue } from '../../src/base/json.ts'
import { parseExactJson } from '../../src/base/parse-exact-json.ts'
import type { ToolCall } from '../../src/eval/completion.ts'
import type { Grade, GradingProfile } from '../../src/eval/grader.ts'
import { toolCall } from '../../src/grader/tool-call.ts'
import type { ToolCallOptions } from '../../src/grader/tool-call.ts'
import { gradeWith, inputOf, rewards } from './grade-with.ts'

const GOLD = { name: 'book', arguments: { city: 'Oslo', nights: 2 } }
const call = (args: object, name = 'book'): ToolCall => ({ id: null, name, arguments: JSON.stringify(args) })

function gradeCalls(calls: readonly ToolCall[], gold: JsonValue, options: ToolCallOptions & { profile?: GradingProfile } = {}): Grade {
  const { profile = 'eval', ...settings } = options
  const input = inputOf('', gold, profile)
  return toolCall(settings).grade({ ...input, completion: { ...input.completion, toolCalls: calls } }) as Grade
}

const both = (calls: readonly ToolCall[], gold: JsonValue, options: ToolCallOptions = {}): readonly unknown[] => [
  gradeCalls(calls, gold, { ...options, profile: 'eval' }).reward,
  gradeCalls(calls, gold, { ...options, profile: 'reward' }).reward,
]

test('toolCall() gives name and arguments partial credit', () => {
  expect(both([call({ nights: 2, city: 'Oslo' })], GOLD)).toEqual([1, 1])
  expect(both([call({ city: 'Oslo', nights: 3 })], GOLD)).toEqual([2 / 3, 2 / 3])
  expect(both([call({})], GOLD)).toEqual([1 / 3, 1 / 3])
  expect(both([call(GOLD.arguments, 'cancel')], GOLD)).toEqual([0, 0])
  expect(both([], GOLD)).toEqual([0, 0])
  expect(gradeCalls([call({ city: 'Oslo' })], GOLD)).toEqual({
    reward: 2 / 3,
    subRewards: { name: 1, 'arguments.city': 1, 'arguments.nights': 0 },
    formatValid: true,
    extractionRule: 'tool-calls',
    errors: [],
  })
})

test('toolCall() counts further arguments unless told to look for a subset', () => {
  expect(both([call({ ...GOLD.arguments, pool: true })], GOLD)).toEqual([0.75, 0.75])
  expect(both([call({ ...GOLD.arguments, pool: true })], GOLD, { arguments: 'subset' })).toEqual([1, 1])
  expect(both([call({ nights: 2 })], GOLD, { arguments: 'subset' })).toEqual([2 / 3, 2 / 3])
})

test('toolCall() compares arguments as declared', () => {
  const how = { arguments: { city: 'text', nights: 'number' } } as const
  expect(both([call({ city: 'OSLO', nights: '2', note: 'x' })], GOLD, how)).toEqual([1, 2 / 3])
  expect(both([call({ city: 'Oslo' })], { name: 'book', arguments: { city: 'Oslo' } }, how)).toEqual([1, 1])
})

test('toolCall() sees arguments that are no JSON, whoever wrote them', () => {
  for (const text of ['{"city":', '"Oslo"', '[1]', 'null']) {
    const grades = [
      gradeCalls([{ id: null, name: 'book', arguments: text }], GOLD),
      gradeCalls([{ id: null, name: 'book', arguments: text }], GOLD, { profile: 'reward' }),
    ]
    expect(
      grades.map(({ reward, formatValid }) => [reward, formatValid]),
      text,
    ).toEqual([
      [0.25, false],
      [0, false],
    ])
  }
  expect(both([{ id: null, name: 'now', arguments: '{' }], { name: 'now' })).toEqual([0.5, 0])
  expect(both([{ id: null, name: 'now', arguments: '' }], { name: 'now' })).toEqual([1, 1])
})

test('toolCall() matches calls made together in any order, or in the expected one', () => {
  const gold = [GOLD, { name: 'book', arguments: { city: 'Rome', nights: 1 } }, { name: 'pay', arguments: {} }]
  const calls = [call({}, 'pay'), call({ city: 'Rome', nights: 1 }), call(GOLD.arguments)]
  expect(both(calls, gold)).toEqual([1, 1])
  expect(both(calls, gold, { order: 'exact' })).toEqual([1 / 3, 1 / 3])
  expect(gradeCalls(calls, gold).subRewards).toMatchObject({ '1.name': 1, '2.arguments.city': 1, '3.name': 1 })
  expect(both(calls.slice(0, 2), gold)).toEqual([2 / 3, 2 / 3])
})

test('toolCall() counts extra calls as wrong, strictly as nothing at all', () => {
  const twice = [call(GOLD.arguments), call(GOLD.arguments)]
  expect(both(twice, GOLD)).toEqual([0.5, 0])
  expect(both(twice, GOLD, { allowExtra: true })).toEqual([1, 1])
  expect(both([], [])).toEqual([1, 1])
  expect(both([call({})], [])).toEqual([0, 0])
  expect(
    both(
      Array.from({ length: 65 }, () => call(GOLD.arguments)),
      GOLD,
      { allowExtra: true },
    ),
  ).toEqual([0, 0])
})

test.each([
  ['<tool_call>\n{"name":"book","arguments":{"city":"Oslo","nights":2}}\n</tool_call>', [1, 1], 'tag'],
  ['I will.\n<tool_call>{"name":"book","arguments":"{\\"city\\":\\"Oslo\\",\\"nights\\":2}"}', [1, 1], 'tag'],
  ['<tool_call>{"name":"book","arguments":{"city":"Oslo","nights":2}}</tool_call><tool_call>{"name":</tool_call>', [1, 0], 'tag'],
  ['{"name":"book","parameters":{"city":"Oslo","nights":2}}', [1, 1], 'json'],
  ['[{"function":{"name":"book","arguments":{"city":"Oslo","nights":2}}}]', [1, 1], 'json'],
  ['Sure: {"name":"book","arguments":{"city":"Oslo","nights":2}}', [1, 0], 'in-prose'],
  ['{"city":"Oslo","nights":2}', [0, 0], null],
  ['{"name":"book","arguments":{"__proto__":{"city":"Oslo"}}}', [1 / 4, 1 / 4], 'json'],
  ['book(city="Oslo", nights=2)', [0, 0], null],
])('toolCall() finds calls in %j and rewards %j (eval, reward)', (text, wanted, rule) => {
  expect(rewards(toolCall(), text, GOLD)).toEqual(wanted)
  expect(gradeWith(toolCall(), text, GOLD).extractionRule).toBe(rule)
})

test('toolCall() cannot grade a case that expects no call', () => {
  for (const gold of ['book', { arguments: {} }, [GOLD, 1], { name: 'book', arguments: [] }])
    expect(gradeWith(toolCall(), '', gold).errors).toEqual([
      {
        code: 'GOLD_UNUSABLE',
        message: `the case's expected answer is not a call like {"name": "…", "arguments": {…}} or a list of calls`,
      },
    ])
})

test.each([
  'I call {"name":"rm","arguments":{}}',
  'I call {"name":"rm","arguments":{}} and {"name":"ls","arguments":{}}',
  '```json\n{"name":"rm","arguments":{}}\n```',
  'I will not call {"name":"rm","arguments":{}}',
  '[TOOL_CALLS][{"name":"rm"',
  '<function=rm>{"path":"/"}</function>',
  'Sure: {"name": "rm", "arguments": {"path":',
  '<tool_call>{"name":"rm"}</tool_call>',
])('toolCall() sees in both profiles that %j is a call where none is expected', (text) => {
  expect(rewards(toolCall(), text, [])).toEqual([0, 0])
})

test('toolCall() takes prose, and objects that are no calls, for no call', () => {
  for (const text of ['', 'It is sunny.', 'The name is {"name": 1}.', '{"city":"Oslo"}'])
    expect(rewards(toolCall(), text, []), text).toEqual([1, 1])
})

test('toolCall() gives nothing in both profiles for calls in prose that are denied or more than one', () => {
  const made = JSON.stringify(GOLD)
  expect(rewards(toolCall(), `I will not call ${made}`, GOLD)).toEqual([0, 0])
  expect(rewards(toolCall({ allowExtra: true }), `Either ${made} or {"name":"cancel"}`, GOLD)).toEqual([0, 0])
})

test('toolCall() compares arguments that JavaScript would round digit by digit', () => {
  const gold = parseExactJson('{"name":"pay","arguments":{"id":12345678901234567890}}') as JsonValue
  const paying = (id: string): ToolCall => ({ id: null, name: 'pay', arguments: `{"id":${id}}` })
  expect(both([paying('12345678901234567890')], gold)).toEqual([1, 1])
  expect(both([paying('12345678901234567891')], gold)).toEqual([0.5, 0.5])
  expect(rewards(toolCall(), '{"name":"pay","arguments":{"id":12345678901234567891}}', gold)).toEqual([0.5, 0.5])
})

test('toolCall() gives each expected call the call that leaves most for the others', () => {
  const gold = [
    { name: 'f', arguments: {} },
    { name: 'f', arguments: { x: 1 } },
  ]
  expect(both([call({ x: 1 }, 'f'), call({}, 'f')], gold, { arguments: 'subset' })).toEqual([1, 1])
})

test('toolCall() gives no grade where an expected argument is not what its comparison compares', () => {
  expect(gradeCalls([], { name: 'book', arguments: { nights: 'two' } }, { arguments: { nights: 'number' } }).errors[0]?.message).toBe(
    'the case\'s expected answer is not a call whose argument "nights" is a number',
  )
})
