import { expect, test } from 'vitest'
import { javascript } from '../../../src/grader/javascript.ts'
import { gradeLater } from './grade-code.ts'

const grade = (source: string, text = 'abc', expected: string | null = 'abc') =>
  gradeLater(javascript({ source, timeoutMs: 400 }), text, expected)

test('javascript() gives what grade(sample, item) gives: a number, right or wrong, or a reward with parts', async () => {
  expect((await grade('function grade(sample, item) { return sample.output_text.length / 10 }')).reward).toBe(0.3)
  expect((await grade('const grade = ({ completion, expected }) => completion === expected')).reward).toBe(1)
  expect((await grade('module.exports = async ({ input }) => input === "x"')).reward).toBe(0)
  const parts = await grade('export function grade(s, i) { return { reward: 0.5, subRewards: { tone: 1, bad: "x" } } }')
  expect([parts.reward, parts.subRewards]).toEqual([0.5, { tone: 1 }])
})

test('javascript() gives the JSON of the completion and the fields of the case to grade(sample, item)', async () => {
  const source =
    'function grade(sample, item) { return sample.output_json.a === item.expected.a && sample.choices[0].message.content[0] === "{" }'
  expect((await gradeLater(javascript({ source }), '{"a": 1}', { a: 1 })).reward).toBe(1)
})

test.each([
  ['throws', 'function grade() { throw new RangeError("no") }', 'GRADER_CODE_THREW', 'the program failed: "RangeError: no"'],
  ['is no program', 'function grade( {', 'GRADER_CODE_THREW', 'the program failed: "SyntaxError: '],
  ['has no grade', 'const x = 1', 'GRADER_CODE_THREW', 'the program failed: "TypeError: the source has no function \\"grade\\""'],
  ['never ends', 'function grade() { for (;;) {} }', 'CODE_TIMED_OUT', 'it was stopped after 400 ms'],
  ['gives 2', 'const grade = () => 2', 'GRADER_BAD_GRADE', 'the program gave "2", which is no number from 0 to 1'],
  ['gives null', 'const grade = () => null', 'GRADER_ABSTAINED', 'the program gave null'],
  [
    'takes all memory',
    'function grade() { return "x".repeat(2 ** 28).length }',
    'GRADER_CODE_THREW',
    'the program failed: "InternalError: out of memory"',
  ],
])('javascript() gives no grade when the program %s', async (_, source, code, message) => {
  const { reward, errors } = await grade(source)
  expect([reward, errors[0]?.code]).toEqual([null, code])
  expect(errors[0]?.message).toContain(message)
})

test('javascript() kills work that cannot be interrupted from within, and goes on with the next completion', async () => {
  const { errors } = await grade('function grade() { return Array.prototype.indexOf.call({ length: 2 ** 53 - 1 }, 1) }')
  expect(errors).toEqual([{ code: 'CODE_TIMED_OUT', message: 'it did not end within 400 ms and was killed' }])
  expect((await grade('const grade = () => true')).reward).toBe(1)
})

test('javascript() has no host objects, files, network or environment in reach', async () => {
  const names = ['process', 'require', 'fetch', 'XMLHttpRequest', 'WebAssembly', 'setTimeout', 'Buffer', 'importScripts', 'std', 'os']
  const source = `const grade = async () => {
    const found = ${JSON.stringify(names)}.filter((name) => typeof globalThis[name] !== 'undefined' || (0, eval)('typeof ' + name) !== 'undefined')
    let imported = 'nothing'
    try { imported = await import('node:fs') } catch {}
    return found.length === 0 && imported === 'nothing' && new Function('return typeof process')() === 'undefined'
  }`
  expect((await grade(source)).reward).toBe(1)
})

test('javascript() has the same clock and chance in every run, and nothing is left of the run before', async () => {
  const source =
    'globalThis.runs = (globalThis.runs ?? 0) + 1; const grade = () => Math.random() * 1e-3 + Date.now() / 1e13 + new Date().getTime() / 1e13 + runs / 10'
  const first = await grade(source)
  expect(first.reward).toBeGreaterThan(0.2)
  expect((await grade(source)).reward).toBe(first.reward)
})

test('javascript() does not hold up the event loop while a program runs', async () => {
  const running = grade('function grade() { for (;;) {} }')
  let turns = 0
  const timer = setInterval(() => (turns += 1), 5)
  await running
  clearInterval(timer)
  expect(turns).toBeGreaterThan(3)
})
