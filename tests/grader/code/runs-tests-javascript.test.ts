import { expect, test } from 'vitest'
import { runsTests } from '../../../src/grader/runs-tests.ts'
import { gradeLater, rewardOf } from './grade-code.ts'

const ADD = 'function add(a, b) { return a + b }'
const TESTS = ['assert(add(1, 2) === 3)', 'add(2, 2) === 4', 'assert.equal(add(0, 0), 1)']

test('runsTests() rewards the share of JavaScript tests that pass, with a part for each', async () => {
  const grade = await gradeLater(runsTests({ language: 'javascript' }), ADD, TESTS)
  expect(grade.reward).toBeCloseTo(2 / 3)
  expect(grade.subRewards).toEqual({ compiles: 1, 'test 1': 1, 'test 2': 1, 'test 3': 0 })
})

test('runsTests() runs a program of tests, input-output pairs, classes, callbacks, exports and promises', async () => {
  const program = `describe('add', () => { test('adds', () => { expect(add(1, 1)).toBe(2) }); it('is wrong', () => { expect(add(1, 1)).toBe(3) }) })`
  expect(await rewardOf('javascript', ADD, program)).toBe(0.5)
  expect(
    await rewardOf('javascript', `export ${ADD}`, {
      entry: 'add',
      tests: [
        { args: [1, 2], expected: 3 },
        { args: [1, 2], expected: 4 },
      ],
    }),
  ).toBe(0.5)
  expect(await rewardOf('javascript', 'const same = (x) => x', [{ input: { a: [1, null] }, expected: { a: [1, null] } }])).toBe(1)
  const stack = 'class Stack { #items = []; push(x) { this.#items.push(x) } get size() { return this.#items.length } }'
  expect(await rewardOf('javascript', stack, ['const s = new Stack(); s.push(1); s.push(2); assert(s.size === 2)'])).toBe(1)
  expect(
    await rewardOf('javascript', 'const twice = (f) => (x) => f(f(x)); async function later(x) { return x }', [
      'twice((x) => x * 3)(1) === 9',
      '(await later(4)) === 4',
    ]),
  ).toBe(1)
  expect(
    await rewardOf('javascript', 'module.exports = { half(x) { if (x < 0) throw new RangeError("no"); return x / 2 } }', [
      'assert.throws(() => half(-1), RangeError)',
      'half(3) === 1.5',
    ]),
  ).toBe(1)
})

test('runsTests() takes a fenced block, in the reward profile only where nothing stands around it', async () => {
  const grader = runsTests({ language: 'javascript' })
  const fenced = `\`\`\`js\n${ADD}\n\`\`\``
  expect((await gradeLater(grader, fenced, ['add(1, 2) === 3'], 'reward')).reward).toBe(1)
  expect((await gradeLater(grader, `Here:\n${fenced}`, ['add(1, 2) === 3'], 'reward')).reward).toBe(0)
  expect((await gradeLater(grader, `Here:\n${fenced}`, ['add(1, 2) === 3'])).reward).toBe(1)
})

test('runsTests() gives 0 with the part "compiles" for text that is no program, and no grade for tests that are none', async () => {
  const grade = await gradeLater(runsTests({ language: 'javascript' }), 'I cannot write code.', ['true'])
  expect([grade.reward, grade.subRewards['compiles']]).toEqual([0, 0])
  expect((await gradeLater(runsTests({ language: 'javascript' }), ADD, ['add(1,'])).errors[0]?.code).toBe('TESTS_UNUSABLE')
  expect((await gradeLater(runsTests({ language: 'javascript' }), ADD, 7)).errors[0]?.code).toBe('GOLD_UNUSABLE')
})

/** Candidates that know nothing of addition; every test is about add(1, 2) being 3. */
const WRONG: Readonly<Record<string, string>> = {
  'an own assert and test': 'function assert() {} function test() {} function expect() { return { toBe() {} } } function add() {}',
  'changed globals':
    'globalThis.assert = () => {}; JSON.stringify = () => "{}"; Object.is = () => true; Array.prototype.every = () => true; function add() {}',
  'Object.prototype':
    'Object.prototype.ok = 3; Object.prototype.error = undefined; Object.defineProperty(Object.prototype, "passed", { value: true }); function add() {}',
  'toJSON that speaks to the tests': `Object.prototype.toJSON = function () { return { kind: 'value', name: '(globalThis.assert = () => {})', ok: ['r', 0, 'o'] } }; function add(f) { try { f(1) } catch {} }`,
  'an exotic object': 'function add() { return new Proxy({}, { get: () => () => true }) }',
  'an object that is everything':
    'function add() { return { valueOf: () => 3, toString: () => "3", includes: () => true, [Symbol.toPrimitive]: () => 3 } }',
  'throwing an exotic object': 'function add() { throw new Proxy({}, { get() { throw 1 } }) }',
  'a fake result': 'console.log("test 1 passed"); function add() { return { passed: true, error: null } }',
  'process.exit': 'function add() { process.exit(0) }',
  'never ending': 'function add() { for (;;) {} }',
  'never ending when loaded': 'for (;;) {}',
  'never ending later': 'function add() { return new Promise(() => {}) }',
  'endless recursion': 'function add() { return add() }',
  'all memory': 'const a = []; function add() { for (;;) a.push(new Array(1e5).fill(1)) }',
  'a name that the tests need': 'const Math = { abs: () => 0 }, Number = () => 3; function add() {}',
}

test.each(Object.keys(WRONG))('runsTests() rewards no code that gets round its JavaScript tests with %s', async (name) => {
  const tests = [
    'assert(add(1, 2) === 3)',
    'add(1, 2) === 3',
    'expect(add(1, 2)).toBe(3)',
    'assert(add(1, 2).includes(3))',
    'assert.deepEqual([add(1, 2)], [3])',
    'assert(Math.abs(Number(add(1, 2)) - 3) < 1)',
  ]
  expect(await rewardOf('javascript', WRONG[name] as string, tests, 800)).toBe(0)
})

test('runsTests() counts no test as passed because the code did not end where the test wanted it to throw', async () => {
  expect(
    await rewardOf('javascript', 'function add() { for (;;) {} }', ['assert.throws(() => add(1))', 'typeof add === "function"'], 1200),
  ).toBe(0.5)
})
