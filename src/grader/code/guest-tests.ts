/**
 * @file What test code finds in its sandbox: `test`, `assert` and `expect`, as far as tests of a function need them. It runs where no candidate's code runs.
 */

/** Source of `() => api`: takes tests and runs one of them by number. */
export const GUEST_TESTS = String.raw`(function () {
'use strict'
const globalEval = eval, tests = []
const realm = globalThis
const fail = (message, fallback) => { throw message instanceof Error ? message : new Error(message ?? fallback) }
const show = (value) => { try { return String(JSON.stringify(value) ?? value).slice(0, 100) } catch { return typeof value } }

function same(a, b) {
  if (Object.is(a, b) || (a === 0 && b === 0)) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Array.isArray(a) !== Array.isArray(b) || (a instanceof Map) !== (b instanceof Map) || (a instanceof Set) !== (b instanceof Set)) return false
  if (a instanceof Date || b instanceof Date) return a instanceof Date && b instanceof Date && +a === +b
  if (a instanceof Error || b instanceof Error) return a instanceof Error && b instanceof Error && a.name === b.name && a.message === b.message
  if (a instanceof Map) return a.size === b.size && [...a].every(([key, value]) => b.has(key) && same(value, b.get(key)))
  if (a instanceof Set) return a.size === b.size && [...a].every((value) => b.has(value) || [...b].some((other) => same(value, other)))
  const [left, right] = [Object.keys(a), Object.keys(b)]
  return left.length === right.length && (!Array.isArray(a) || a.length === b.length) && left.every((key) => Object.hasOwn(b, key) && same(a[key], b[key]))
}
function fits(error, wanted) {
  if (wanted === undefined) return true
  if (typeof wanted === 'string') return String(error?.message).includes(wanted)
  if (wanted instanceof RegExp) return wanted.test(String(error?.message))
  return typeof wanted === 'function' ? error instanceof wanted : true
}
function thrownBy(work) {
  try { work() } catch (error) { return { error } }
  return null
}
function throws(work, wanted, message) {
  const thrown = thrownBy(work)
  if (thrown === null || !fits(thrown.error, wanted)) fail(message, 'it did not throw as expected')
}
async function rejects(work, wanted, message) {
  let thrown = null
  try { await (typeof work === 'function' ? work() : work) } catch (error) { thrown = { error } }
  if (thrown === null || !fits(thrown.error, wanted)) fail(message, 'it did not reject as expected')
}
const assert = (value, message) => { if (!value) fail(message, 'an assertion failed') }
const compare = (decide, word) => (a, b, message) => { if (!decide(a, b)) fail(message, show(a) + ' is not ' + word + ' ' + show(b)) }
Object.assign(assert, {
  ok: assert, throws, rejects, fail: (message) => fail(message, 'failed'),
  equal: compare((a, b) => a == b, 'equal to'), strictEqual: compare(Object.is, 'equal to'),
  notEqual: compare((a, b) => a != b, 'different from'), notStrictEqual: compare((a, b) => !Object.is(a, b), 'different from'),
  deepEqual: compare(same, 'equal to'), deepStrictEqual: compare(same, 'equal to'), notDeepEqual: compare((a, b) => !same(a, b), 'different from'),
  match: compare((a, b) => b.test(a), 'matched by'), doesNotThrow: (work) => { work() },
})
const matchers = {
  toBe: Object.is, toEqual: same, toStrictEqual: same, toBeTruthy: (a) => Boolean(a), toBeFalsy: (a) => !a, toBeNull: (a) => a === null,
  toBeUndefined: (a) => a === undefined, toBeDefined: (a) => a !== undefined, toBeNaN: (a) => Number.isNaN(a), toContain: (a, b) => a.includes(b),
  toContainEqual: (a, b) => a.some((item) => same(item, b)), toHaveLength: (a, b) => a.length === b, toMatch: (a, b) => typeof b === 'string' ? a.includes(b) : b.test(a),
  toBeCloseTo: (a, b, digits = 2) => Math.abs(a - b) < 10 ** -digits / 2, toBeGreaterThan: (a, b) => a > b, toBeLessThan: (a, b) => a < b,
  toBeGreaterThanOrEqual: (a, b) => a >= b, toBeLessThanOrEqual: (a, b) => a <= b, toBeInstanceOf: (a, b) => a instanceof b,
  toThrow: (a, b) => { const thrown = thrownBy(a); return thrown !== null && fits(thrown.error, b) },
}
function expectation(value, wanted) {
  const result = {}
  for (const [name, decide] of Object.entries(matchers))
    result[name] = (...args) => { if (Boolean(decide(value, ...args)) !== wanted) fail(undefined, 'expected ' + show(value) + (wanted ? ' ' : ' not ') + name + ' ' + args.map(show).join(', ')) }
  return result
}
realm.assert = assert
realm.expect = (value) => ({ ...expectation(value, true), not: expectation(value, false) })
realm.test = realm.it = (name, work) => { tests.push({ name: String(name).slice(0, 100), work }) }
realm.describe = (_, work) => work()

function compiled(source) {
  try { return globalEval('(async () => (' + source.replace(/;\s*$/, '') + '\n))') } catch { return globalEval('(async () => {' + source + '\n})') }
}
const outcomes = []
return {
  program: (source) => {
    outcomes.program = 'it never ended'
    globalEval('(async () => {' + source + '\n})')().then(() => { outcomes.program = '' }, (error) => { outcomes.program = String(error?.message ?? error).slice(0, 300) || 'it threw' })
  },
  programFailure: () => outcomes.program,
  statement: (source) => { const work = compiled(source); tests.push({ name: '', work: async () => { if ((await work()) === false) fail(undefined, 'it is false') } }) },
  pair: (work, args, wanted) => {
    const [given, gold] = [JSON.parse(args), JSON.parse(wanted)]
    tests.push({ name: '', work: async () => { const value = await work(...given); if (!same(value, gold)) fail(undefined, 'gave ' + show(value)) } })
  },
  names: () => JSON.stringify(tests.map(({ name }) => name)),
  start: (index) => { outcomes[index] = { error: 'it never ended' }; (async () => tests[index].work())().then(() => { outcomes[index] = {} }, (error) => { outcomes[index] = { error: String(error?.message ?? error).slice(0, 300) } }) },
  outcome: (index) => JSON.stringify(outcomes[index]),
}
})`
