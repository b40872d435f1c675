/**
 * @file What JavaScript tests assert with in their sandbox: `assert` as Node has it and `expect`, as far as tests of a function need them. What is
 * not there is refused by name. An assertion that failed fails its test, whoever catches it.
 */

/** Source of the declarations; `state` counts what was asserted. */
export const GUEST_ASSERTIONS = String.raw`
const state = { asserted: 0, broken: null, refused: null, skipped: null }
const messageOf = (error) => { try { return String(error?.message ?? error).slice(0, 300) || 'it threw' } catch { return 'it threw' } }
function fail(message, fallback) {
  state.broken ??= message instanceof Error ? messageOf(message) : String(message ?? fallback)
  throw message instanceof Error ? message : new Error(message ?? fallback)
}
function refuse(what) {
  state.refused ??= what + ' is not available'
  throw new Error(state.refused)
}
/** What is not a member is refused by name: a matcher that is missing is no fault of the code. */
const closed = (target, name) => new Proxy(target, {
  get: (object, key) => (typeof key === 'symbol' || key === 'then' || Reflect.has(object, key) ? object[key] : refuse(name + '.' + key)),
})
const show = (value) => { try { return String(JSON.stringify(value) ?? value).slice(0, 100) } catch { return typeof value } }

/** What stands for many values in an expectation. */
class Fitting { constructor(fits) { this.fits = fits } }
const KINDS = { String: 'string', Number: 'number', Boolean: 'boolean', Function: 'function', BigInt: 'bigint', Symbol: 'symbol' }
const fitting = {
  any: (kind) => new Fitting((value) => (Object.hasOwn(KINDS, kind?.name) ? typeof value === KINDS[kind.name] : kind === Object ? typeof value === 'object' && value !== null : value instanceof kind)),
  anything: () => new Fitting((value) => value !== null && value !== undefined),
  arrayContaining: (items) => new Fitting((value) => Array.isArray(value) && items.every((item) => value.some((one) => same(one, item)))),
  objectContaining: (members) => new Fitting((value) => includes(value, members, same)),
  stringContaining: (part) => new Fitting((value) => typeof value === 'string' && value.includes(part)),
  stringMatching: (pattern) => new Fitting((value) => typeof value === 'string' && (typeof pattern === 'string' ? value.includes(pattern) : pattern.test(value))),
  closeTo: (wanted, digits = 2) => new Fitting((value) => typeof value === 'number' && Math.abs(value - wanted) < 10 ** -digits / 2),
}
const includes = (value, members, decide) => typeof value === 'object' && value !== null && Object.keys(members).every((key) => Object.hasOwn(value, key) && decide(value[key], members[key]))
const matchesObject = (a, b) => (typeof b === 'object' && b !== null && !Array.isArray(b) && Object.getPrototypeOf(b) === Object.prototype ? includes(a, b, matchesObject)
  : Array.isArray(b) ? Array.isArray(a) && a.length === b.length && b.every((item, index) => matchesObject(a[index], item)) : same(a, b))

function same(a, b) {
  if (b instanceof Fitting) return Boolean(b.fits(a))
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
  if (typeof wanted === 'function') return error instanceof wanted
  return wanted instanceof Error ? error?.message === wanted.message : Object.keys(wanted).every((key) => same(error?.[key], wanted[key]))
}
/** What work threw. Its own assertions may fail: that is what is asked about. */
function thrownBy(work) {
  const { broken } = state
  try { work() } catch (error) { state.broken = broken; return { error } }
  return null
}
async function rejectionOf(work) {
  const { broken } = state
  try { await (typeof work === 'function' ? work() : work) } catch (error) { state.broken = broken; return { error } }
  return null
}
const check = (decide) => (...args) => { state.asserted += 1; return decide(...args) }
const compare = (decide, word) => check((a, b, message) => { if (!decide(a, b)) fail(message, show(a) + ' is not ' + word + ' ' + show(b)) })
const hasThrown = (thrown, wanted, message) => { if (thrown === null || !fits(thrown.error, wanted)) fail(message, 'it did not throw as expected') }
const ok = check((value, message) => { if (!value) fail(message, 'an assertion failed') })
const assertions = {
  ok, throws: check((work, wanted, message) => hasThrown(thrownBy(work), wanted, message)),
  rejects: check(async (work, wanted, message) => hasThrown(await rejectionOf(work), wanted, message)),
  fail: (message) => fail(message, 'failed'), ifError: check((value) => { if (value !== null && value !== undefined) fail(value) }),
  equal: compare((a, b) => a == b || (a !== a && b !== b), 'equal to'), strictEqual: compare(Object.is, 'equal to'),
  notEqual: compare((a, b) => a != b, 'different from'), notStrictEqual: compare((a, b) => !Object.is(a, b), 'different from'),
  deepEqual: compare(same, 'equal to'), deepStrictEqual: compare(same, 'equal to'),
  notDeepEqual: compare((a, b) => !same(a, b), 'different from'), notDeepStrictEqual: compare((a, b) => !same(a, b), 'different from'),
  match: compare((a, b) => b.test(a), 'matched by'), doesNotMatch: compare((a, b) => !b.test(a), 'free of'),
  doesNotThrow: check((work, message) => { const thrown = thrownBy(work); if (thrown !== null) fail(typeof message === 'string' ? message : undefined, 'it threw ' + messageOf(thrown.error)) }),
  doesNotReject: check(async (work) => { const thrown = await rejectionOf(work); if (thrown !== null) fail(undefined, 'it rejected with ' + messageOf(thrown.error)) }),
}
const assert = closed(Object.assign((value, message) => ok(value, message), assertions), 'assert')
const matchers = {
  toMatchObject: matchesObject, toBe: Object.is, toEqual: same, toStrictEqual: same, toBeTruthy: (a) => Boolean(a), toBeFalsy: (a) => !a, toBeNull: (a) => a === null,
  toBeUndefined: (a) => a === undefined, toBeDefined: (a) => a !== undefined, toBeNaN: (a) => Number.isNaN(a), toContain: (a, b) => a.includes(b),
  toContainEqual: (a, b) => a.some((item) => same(item, b)), toHaveLength: (a, b) => a.length === b, toMatch: (a, b) => typeof b === 'string' ? a.includes(b) : b.test(a),
  toBeCloseTo: (a, b, digits = 2) => Math.abs(a - b) < 10 ** -digits / 2, toBeGreaterThan: (a, b) => a > b, toBeLessThan: (a, b) => a < b,
  toBeGreaterThanOrEqual: (a, b) => a >= b, toBeLessThanOrEqual: (a, b) => a <= b, toBeInstanceOf: (a, b) => a instanceof b, toBeTypeOf: (a, b) => typeof a === b,
  toHaveProperty: (a, key, ...wanted) => { const at = String(key).split('.').reduce((value, part) => value?.[part], a); return wanted.length === 0 ? at !== undefined : same(at, wanted[0]) },
  toThrow: (a, b) => { const thrown = thrownBy(a); return thrown !== null && fits(thrown.error, b) },
}
matchers.toThrowError = matchers.toThrow
function expectation(take, wanted, settle) {
  const result = {}
  const decideOn = (name, value, args) => { if (Boolean(matchers[name](value, ...args)) !== wanted) fail(undefined, 'expected ' + show(value) + (wanted ? ' ' : ' not ') + name + ' ' + args.map(show).join(', ')) }
  for (const name of Object.keys(matchers))
    result[name] = settle ? async (...args) => { state.asserted += 1; decideOn(name, await take(), args) } : (...args) => { state.asserted += 1; decideOn(name, take(), args) }
  if (wanted) Object.defineProperty(result, 'not', { get: () => expectation(take, false, settle) })
  return closed(result, 'expect()')
}
function expect(value) {
  const settled = async () => { try { return await value } catch (error) { fail(undefined, 'it rejected with ' + messageOf(error)) } }
  const rejected = async () => { const thrown = await rejectionOf(value); if (thrown === null) fail(undefined, 'it did not reject'); return thrown.error }
  const about = expectation(() => value, true, false)
  return new Proxy(about, { get: (object, key) => {
    if (key === 'resolves') return expectation(settled, true, true)
    if (key !== 'rejects') return object[key]
    // Of a rejection toThrow asks for what was thrown.
    const all = expectation(rejected, true, true)
    const toThrow = async (wanted) => { state.asserted += 1; const error = await rejected(); if (!fits(error, wanted)) fail(undefined, 'it rejected with ' + messageOf(error)) }
    return new Proxy(all, { get: (_, name) => (name === 'toThrow' || name === 'toThrowError' ? toThrow : all[name]) })
  } })
}
`
