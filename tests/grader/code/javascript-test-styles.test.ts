import { expect, test } from 'vitest'
import { runsTests } from '../../../src/grader/runs-tests.ts'
import { gradeLater, rewardOf } from './grade-code.ts'

const RIGHT = 'function f(x) { if (x < 0) throw new RangeError("negative"); return x }\nasync function later(x) { return f(x) }'
const WRONG = 'function f(x) { return 0 }\nasync function later(x) { return 0 }'
const lines = (...text: readonly string[]): string => text.join('\n')

/** Tests of which RIGHT passes all and WRONG none. */
const STYLES: Readonly<Record<string, string | readonly string[]>> = {
  'an assertion': 'assert(f(1) === 1)',
  'a comparison in a list': [
    'f(1) === 1',
    '!(f(1) !== 1);',
    'f(1) == 1 && f(2) > 1',
    '(await later(1)) === 1',
    'Object.is(f(1), 1)',
    '[1, 2].every((x) => f(x) === x)',
  ],
  'a function that is named like a test': 'function testA() { assert(f(1) === 1) }',
  'functions that are named like tests': lines(
    'const test_a = () => { assert.equal(f(1), 1) }',
    'async function testB() { assert((await later(2)) === 2) }',
  ),
  'console.assert': 'const testF = () => { console.assert(f(1) === 1) }\ntestF()',
  'a table of named tests':
    "test.each([[1, 1], [2, 2]])('%i', (x, y) => { expect(f(x)).toBe(y) })\nit.each([3])('%i', (x) => { expect(f(x)).toBe(3) })",
  'an import of the code': "import { f as g } from './code.js'\nimport f from '../src/f'\nassert(g(1) === 1 && f(2) === 2)",
  'require of the code': "const { f: g } = require('./code')\nconst h = require('./f')\nassert(g(1) === 1 && h(2) === 2)",
  'expectations that stand for many values':
    'expect({ a: f(1), b: [f(2), f(3)] }).toEqual({ a: expect.any(Number), b: expect.arrayContaining([2]) })\nexpect({ a: f(1), b: f(2) }).toMatchObject({ a: 1 })',
  'a function that is called': 'function testA() { assert(f(1) === 1) }\ntestA()',
  'named tests': lines(
    "test('one', () => { expect(f(1)).toBe(1) })",
    "it('two', async () => { await expect(later(2)).resolves.toEqual(2) })",
  ),
  'groups and hooks': lines(
    'let x = 0',
    "describe('f', () => {",
    '  beforeEach(() => { x = 3 })',
    '  afterEach(() => { x = 0 })',
    "  describe('inner', () => { test('three', () => { assert.strictEqual(f(x), 3) }) })",
    '})',
  ),
  'an asynchronous function that is called': '(async () => { assert(f(1) === 1) })()',
  'a promise': 'later(1).then((v) => assert(v === 1))',
  'a promise in an asynchronous function': 'async function main() { const v = await later(1); assert.equal(v, 1) }\nmain()',
  'asynchronous callbacks': '[1, 2].forEach(async (x) => { assert.equal(await later(x), x) })',
  'asynchronous callbacks in a list': '[1, 2].map(async (x) => { assert.equal(await later(x), x) })',
  'Promise.all': 'Promise.all([later(1), later(2)]).then(([a, b]) => { expect([a, b]).toEqual([1, 2]) })',
  'node:assert': lines(
    "import assert from 'node:assert'",
    "import { test } from 'node:test'",
    "test('one', () => assert.deepStrictEqual([f(1)], [1]))",
  ),
  'a strict assert': lines("const assert = require('assert').strict", 'assert.equal(f(1), 1)'),
  'named assertions': lines("import { strictEqual as same, ok } from 'assert'", 'same(f(1), 1)', 'ok(f(2) === 2)'),
  'assert.throws': 'assert.throws(() => f(-1), /negative/)',
  'expect().toThrow()': 'expect(() => f(-1)).toThrow(RangeError)',
  'expect().rejects': 'await expect(later(-1)).rejects.toThrow("negative")',
  'assert.rejects': 'assert.rejects(later(-1), RangeError)',
  'an exception that must come': 'try { f(-1); assert.fail("no error") } catch (error) {}',
  'a condition that throws': "if (f(1) !== 1) throw new Error('wrong')",
  'a condition without braces': 'let n = 0\nif (f(1) === 1) n++\nelse n--\nassert(n === 1)',
  'a loop': 'for (const [x, y] of [[1, 1], [2, 2]]) assert(f(x) === y)',
  'an own assert': "function check(ok) { if (!ok) { throw new Error('wrong') } }\ncheck(f(1) === 1)",
  'a table': [
    { args: [1], expected: 1 },
    { input: 2, output: 2 },
  ] as never,
}

test.each(Object.keys(STYLES))('runsTests() runs JavaScript tests written with %s', async (name) => {
  const tests = STYLES[name] as string
  expect([await rewardOf('javascript', RIGHT, tests), await rewardOf('javascript', WRONG, tests)]).toEqual([1, 0])
})

/** Tests that pass whatever the code does. */
const SILENT: Readonly<Record<string, string | readonly string[]>> = {
  'a bare comparison': 'f(1) === 1',
  'an expression': 'f(1)',
  'an expression in a list': ['f(1)'],
  'two comparisons in one test of a list': ['f(1) === 1; f(2) === 2'],
  'a function that is never called': 'function holds() { assert(f(1) === 1) }',
  'a named test without assertion': "test('one', () => { f(1) })",
  'one silent test among others': "test('one', () => { assert(f(0) === 0) })\ntest('two', () => { f(1) })",
  'a skipped test': "test.skip('one', () => { assert(f(1) === 1) })",
  'a skipped group': "describe.skip('all', () => { test('one', () => { assert(f(1) === 1) }) })",
  'a constant assertion': 'f(1)\nassert(true)',
  'a constant expectation': 'f(1)\nexpect(true).toBe(true)',
  'console.assert of a constant': 'f(1)\nconsole.assert(true)',
  'an assertion about nothing of the code': 'const x = 1\nassert(x === 1)',
  'expect() without a matcher': 'expect(f(1))',
  'an exception that is swallowed': 'try { f(-1) } catch {}',
  'a loop over nothing': 'for (const x of []) assert(f(x) === x)',
  'an arrow function in a list': ['() => f(1) === 1'],
  comments: '// nothing',
}

test.each(Object.keys(SILENT))('runsTests() gives no grade for JavaScript tests that assert nothing: %s', async (name) => {
  const grade = await gradeLater(runsTests({ language: 'javascript' }), WRONG, SILENT[name] as string)
  expect([grade.reward, grade.errors[0]?.code]).toEqual([null, 'TESTS_ASSERT_NOTHING'])
})

test.each([
  ['a matcher that is not there', 'expect(f(1)).toBeOdd()', 'expect().toBeOdd is not available'],
  ['an assertion that is not there', 'assert.closeTo(f(1), 1)', 'assert.closeTo is not available'],
  ['a kind of test that is not there', 'test.concurrent("x", () => { assert(f(1) === 1) })', 'test.concurrent is not available'],
  ['a kind of expectation that is not there', 'expect(f(1)).toEqual(expect.oneOf([1]))', 'expect.oneOf is not available'],
  ['timers', 'await new Promise((done) => setTimeout(done, 5)); assert(f(1) === 1)', 'setTimeout is not available'],
  ['jest', 'const g = jest.fn(); assert(f(1) === 1)', 'jest is not available'],
  ['a module that is not there', "import { f } from 'lodash'\nassert(f(1) === 1)", 'the module "lodash" is not available'],
  ['callbacks', "test('one', (done) => { assert(f(1) === 1); done() })", 'a test that takes a callback or a context is not available'],
  ['no program', 'assert(f(1) ===', 'the tests are no program: Unexpected token (1:15)'],
])('runsTests() refuses JavaScript tests with %s by name', async (_, tests, message) => {
  const { reward, errors } = await gradeLater(runsTests({ language: 'javascript' }), RIGHT, tests)
  expect([reward, errors]).toEqual([null, [{ code: 'TESTS_UNUSABLE', message: `the tests cannot be run: ${JSON.stringify(message)}` }]])
})

test.each([
  ['a promise that never settles', 'function f() { return new Promise(() => {}) }', 'f(1).then((v) => assert(v === 1))'],
  [
    'a promise that is rejected',
    'async function f(x) { if (x > 1) throw new Error("no"); return 1 }',
    'assert(true === !!f)\nf(1).then((v) => assert(v === 1))\nf(2).then((v) => assert(v === 2))',
  ],
  [
    'an asynchronous function that fails on the way',
    'function f() { return {} }',
    '(async () => { assert(f(1) !== null); assert(f(1).a.b === 1) })()',
  ],
  [
    'an asynchronous function that fails on the way and is kept in a variable',
    'function f() { return {} }',
    'const p = (async () => { assert(f(1) !== null); assert(f(1).a.b === 1) })()',
  ],
  [
    'an asynchronous function that fails on the way and is voided',
    'function f() { return {} }',
    'void (async () => { assert(f(1) !== null); assert(f(1).a.b === 1) })()',
  ],
  ['an assertion whose failure is caught', 'function f() { return 0 }', 'try { assert(f(1) === 1) } catch {}'],
])('runsTests() fails JavaScript code with %s', async (_, code, tests) => {
  expect(await rewardOf('javascript', code, tests)).toBe(0)
})

/** Code that knows nothing, and tries to be counted. */
const CHEATS: Readonly<Record<string, string>> = {
  'own tests': 'function test_z() { assert(true) } function testZ() {} function holdfast$mark() {} function f() { return 0 }',
  'own globals':
    'globalThis.holdfast$watch = globalThis.holdfast$mark = (x) => x; globalThis.Promise = function () {}; globalThis.assert = () => {}; function f() { return 0 }',
  'a patched Promise': 'Promise.prototype.then = function (a) { a(1); return this }; function f() { return 0 }',
  'a count in its reply': 'function f() { return { asserted: 9, error: null, passed: true } }',
  'an assertion error': 'function f() { throw new Error("it is fine") }',
  'a promise that never settles': 'function f() { return new Promise(() => {}) }',
  process: 'function f() { process.exit(0) }',
}

test.each(Object.keys(CHEATS))('runsTests() rewards no JavaScript code with %s', async (name) => {
  const code = CHEATS[name] as string
  expect(await rewardOf('javascript', code, 'function testA() { assert(f(1) === 1) }')).toBe(0)
  expect(await rewardOf('javascript', code, "test('one', async () => { expect(await f(1)).toBe(1) })")).toBe(0)
  const silent = await rewardOf('javascript', code, 'f(1)')
  expect(silent === null || silent === 0).toBe(true)
})

test('runsTests() counts no assertion of a JavaScript function that an earlier test passed to the code', async () => {
  const code = 'let saved\nfunction f(g) { if (typeof g === "function") { saved = g; return g(1) } try { saved(1) } catch {} return [] }'
  const tests =
    "const ok = (v) => { assert(v === 1) }\ntest('a', () => { f(ok) })\ntest('b', () => { for (const x of f(null)) assert(x === 1) })"
  expect(await rewardOf('javascript', code, tests)).toBe(null)
  expect(await rewardOf('javascript', code, "test('a', () => { f((v) => { assert(v === 1) }) })")).toBe(1)
})
