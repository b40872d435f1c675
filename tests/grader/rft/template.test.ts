import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isHoldfastError } from '../../../src/base/errors.ts'
import type { ToolCall } from '../../../src/eval/completion.ts'
import { parseTemplate, renderTemplate } from '../../../src/grader/rft/template.ts'
import { rftItem, rftSample, templateValues } from '../../../src/grader/rft/template-values.ts'
import type { InputParts } from './rft-fixtures.ts'
import { rftInput } from './rft-fixtures.ts'

const call: ToolCall = { id: 'call_1', name: 'book', arguments: '{"day":"mon"}' }
const render = (template: string, text = 'out', parts: InputParts = {}): string => {
  const { case: row, completion } = rftInput(text, parts)
  const rendered = renderTemplate(parseTemplate(template, 'here'), templateValues(row, completion))
  return 'text' in rendered ? rendered.text : `${rendered.failure.code} ${rendered.failure.blame}: ${rendered.failure.message}`
}

test.each<readonly [string, string]>([
  ['{{ sample.output_text }}', 'out'],
  ['{{sample.output_text}}!', 'out!'],
  ['<{{  item.name\t}}|{{item.name}}>', '<Ada|Ada>'],
  ['{{ item.answer.date }}', '2026-01-02'],
  ['{{ item.list[1].x }} {{ item.list.1.x }}', '8 8'],
  ['{{ item["two words"] }} {{ item[\'two words\'] }}', 'kept kept'],
  ['{{ item.flag }} {{ item.none }} {{ item.list }}', 'true null [{"x":7},{"x":8}]'],
  ['{{ item.expected }} {{ item.tags[0] }}', 'yes smoke'],
  ['no variable } { {x} }}', 'no variable } { {x} }}'],
  ['', ''],
])('renderTemplate() makes %j into %j', (template, text) => {
  const input = { name: 'Ada', answer: { date: '2026-01-02' }, list: [{ x: 7 }, { x: 8 }], 'two words': 'kept', flag: true, none: null }
  expect(render(template, 'out', { input, tags: ['smoke'] })).toBe(text)
})

test('renderTemplate() puts values in as they are and never reads them again', () => {
  const hostile = 'a < b & c "{{ item.expected }}" $& $1'
  expect(render('[{{ sample.output_text }}]', hostile)).toBe(`[${hostile}]`)
})

test('renderTemplate() finds tools, choices and JSON as chat completions have them', () => {
  const completion = { toolCalls: [call], finishReason: 'tool-calls' as const }
  expect(render('{{sample.output_tools[0].function.name}}', '', { completion })).toBe('book')
  expect(render('{{ sample.output_tools[0].function.arguments }}', '', { completion })).toBe('{"day":"mon"}')
  expect(render('{{ sample.choices[0].message.tool_calls[0].id }} {{ sample.choices[0].finish_reason }}', '', { completion })).toBe(
    'call_1 tool_calls',
  )
  expect(render('{{ sample.choices[0].message.content }}')).toBe('out')
  expect(render('{{ sample.output_json.compliant }}', ' {"compliant": false} ')).toBe('false')
  expect(render('{{ sample.output_tools }}')).toBe('[]')
})

test.each<readonly [string, string]>([
  ['{{ item.absent }}', 'INVALID_VARIABLE_ERROR grader: the case has no "item.absent"'],
  ['{{ item.input.length }}', 'INVALID_VARIABLE_ERROR grader: the case has no "item.input.length"'],
  ['{{ item.toString }}', 'INVALID_VARIABLE_ERROR grader: the case has no "item.toString"'],
  ['{{ item.__proto__ }}', 'INVALID_VARIABLE_ERROR grader: the case has no "item.__proto__"'],
  ['{{ item.tags.length }}', 'INVALID_VARIABLE_ERROR grader: the case has no "item.tags.length"'],
  [
    '{{ sample.output_tools[0].function.name }}',
    'INVALID_VARIABLE_ERROR sample: the completion has no "sample.output_tools[0].function.name"',
  ],
  ['{{ sample.output_json }}', 'SAMPLE_PARSE_ERROR sample: the completion is no JSON with "sample.output_json"'],
  ['{{ sample.output_text.x }}', 'INVALID_VARIABLE_ERROR sample: the completion has no "sample.output_text.x"'],
])('renderTemplate() has no value for %j', (template, message) => {
  expect(render(template)).toBe(message)
})

test('renderTemplate() takes JSON only where the whole text is JSON, and its own members only', () => {
  expect(render('{{ sample.output_json.a }}', 'Sure: {"a":1}')).toMatch(/^SAMPLE_PARSE_ERROR/)
  expect(render('{{ sample.output_json.b }}', '{"a":1}')).toMatch(/^SAMPLE_PARSE_ERROR/)
  expect(render('{{ sample.output_json.constructor }}', '{"a":1}')).toMatch(/^SAMPLE_PARSE_ERROR/)
  expect(render('{{ sample.output_json.__proto__ }}', '{"__proto__":"own"}')).toBe('own')
  expect(render('{{ sample.output_json }}', '['.repeat(5000) + ']'.repeat(5000))).toMatch(/^SAMPLE_PARSE_ERROR/)
})

test.each<readonly [string, string]>([
  ['{{ env.HOME }}', 'is in no namespace'],
  ['{{ items.x }}', 'is in no namespace'],
  ['{{ }}', 'is in no namespace'],
  ['{{ item }}', 'names a whole namespace'],
  ['{{ sample.usage }}', 'is nothing that a sample has'],
  ['{{ sample.output_audio.data }}', 'is nothing that a sample has'],
  ['{{ item.a b }}', 'is no path'],
  ['{{ item..a }}', 'is no path'],
  ['{{ item.a[x] }}', 'is no path'],
  ['{{ item.a() }} {{', 'is not closed'],
  ['{{#if item.a}}', 'is in no namespace'],
])('parseTemplate() refuses %j', (template, problem) => {
  expect(() => parseTemplate(template, 'here')).toThrow(problem)
  expect(() => parseTemplate(template, 'here')).toThrow('INVALID_VARIABLE_ERROR')
})

test('parseTemplate() reads every text or throws INVALID_VARIABLE_ERROR, and keeps what stands between variables', () => {
  const pieces = fc.array(
    fc.constantFrom('{{', '}}', '{', '}', ' ', 'item', 'sample', '.output_text', '.expected', '[0]', '["', '"]', 'x', '\n'),
  )
  fc.assert(
    fc.property(pieces, (list) => {
      const text = list.join('')
      try {
        const parts = parseTemplate(text, 'here')
        expect(parts.filter((part) => typeof part === 'string').join('').length).toBeLessThanOrEqual(text.length)
        if (!text.includes('{{')) expect(parts).toEqual(text === '' ? [] : [text])
      } catch (error) {
        expect(isHoldfastError(error) && error.code).toBe('INVALID_VARIABLE_ERROR')
      }
    }),
    { seed: 1, numRuns: 500 },
  )
})

test('rftItem() is the fields of an input object, which win, or the input itself', () => {
  const row = rftInput('x', { input: { q: 1, tags: 'mine' }, expected: 'e', tags: ['t'] }).case
  expect(rftItem(row)).toEqual({ q: 1, tags: 'mine', expected: 'e' })
  expect(rftItem({ ...row, input: ['a'] })).toEqual({ input: ['a'], expected: 'e', tags: ['t'] })
})

test('rftSample() leaves output_json out when the text is no JSON', () => {
  expect(rftSample(rftInput('no').completion)).toEqual({
    output_text: 'no',
    output_tools: [],
    choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: 'no' } }],
  })
  expect(rftSample(rftInput('7').completion)).toMatchObject({ output_json: 7 })
})
