/**
 * @file The first code in every JavaScript sandbox: makes clock and chance the same in every run, and speaks with the other side in JSON text.
 * Objects never cross: data is copied, functions and instances that a test made with `new` are answered for by number.
 */

/** The moment that code in the sandbox lives in: 2000-01-01. */
const NOW_MS = 946_684_800_000

/**
 * Source of `(send, isTester) => api`: `send(text)` asks the other side. The side of the tests believes nothing: it answers calls of functions that it
 * passed on and nothing else, and takes an object to ask by number only from a `new` of its own. All that the API needs is taken before other code runs, so that later changes to
 * globals change nothing here.
 */
export const GUEST_PRELUDE = String.raw`(function (send, isTester) {
'use strict'
const { parse, stringify } = JSON, { isArray } = Array, { keys, defineProperty } = Object, { apply, construct } = Reflect
const globalEval = eval, RealDate = Date, RealMap = Map, RealSet = Set, RealError = Error, RealPromise = Promise, then = Promise.prototype.then
const errors = { Error, TypeError, RangeError, SyntaxError, ReferenceError, URIError, EvalError }
const realm = globalThis

function FixedDate(...parts) {
  if (new.target === undefined) return new RealDate(${NOW_MS}).toString()
  return construct(RealDate, parts.length === 0 ? [${NOW_MS}] : parts, new.target === FixedDate ? RealDate : new.target)
}
FixedDate.prototype = RealDate.prototype
FixedDate.now = () => ${NOW_MS}
FixedDate.UTC = RealDate.UTC
FixedDate.parse = RealDate.parse
RealDate.prototype.constructor = FixedDate
realm.Date = FixedDate
let chance = 1
Math.random = () => {
  chance = (chance + 0x6d2b79f5) | 0
  let mixed = Math.imul(chance ^ (chance >>> 15), chance | 1)
  mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
}
const nothing = () => undefined
realm.console = {}
for (const name of ['log', 'info', 'warn', 'error', 'debug', 'assert', 'trace', 'dir', 'table', 'group', 'groupEnd', 'time', 'timeEnd']) realm.console[name] = nothing

const kept = []
const waiting = []
const keep = (value) => { kept[kept.length] = value; return kept.length - 1 }

function encode(value, depth) {
  if (depth > 60) throw new RealError('a value is nested too deeply')
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value
  if (typeof value === 'number') return value - value === 0 && !(value === 0 && 1 / value < 0) ? value : ['f', value === 0 ? '-0' : '' + value]
  if (typeof value === 'bigint') return ['n', '' + value]
  if (typeof value === 'function') return depth === 0 ? ['r', keep(value), 'f'] : ['u']
  if (typeof value !== 'object') return ['u']
  if (isArray(value) || ArrayBuffer.isView(value)) return ['a', encodeAll(value, depth)]
  if (value instanceof RealMap) return ['m', encodeAll([...value], depth)]
  if (value instanceof RealSet) return ['s', encodeAll([...value], depth)]
  if (value instanceof RealDate) return ['d', +value]
  if (value instanceof RealError) return ['e', '' + value.name, '' + value.message]
  const names = keys(value), members = []
  for (let i = 0; i < names.length; i++) members[i] = [names[i], encode(value[names[i]], depth + 1)]
  return ['o', members]
}
function encodeAll(list, depth) {
  const result = []
  for (let i = 0; i < list.length; i++) result[i] = encode(list[i], depth + 1)
  return result
}
const decodeData = (given) => decode(given, '')
function decode(given, reference) {
  if (typeof given !== 'object' || given === null) return given
  const [tag, body, more] = given
  if (tag === 'u') return undefined
  if (tag === 'f') return +body
  if (tag === 'n') return BigInt(body)
  if (tag === 'a') return body.map(decodeData)
  if (tag === 'm') return new RealMap(body.map(decodeData))
  if (tag === 's') return new RealSet(body.map(decodeData))
  if (tag === 'd') return new RealDate(body)
  if (tag === 'e') return errorOf({ name: body, message: more })
  if (tag === 'r') {
    if (more !== reference || typeof body !== 'number') throw new TypeError('a reference came where data was expected')
    return more === 'f' ? remoteFunction({ ref: body }) : remoteObject(body)
  }
  const result = {}
  for (const [key, member] of body) defineProperty(result, key, { value: decodeData(member), writable: true, enumerable: true, configurable: true })
  return result
}
function errorOf({ name, message }) {
  const error = new (Object.hasOwn(errors, name) ? errors[name] : RealError)(message)
  if (!Object.hasOwn(errors, name)) error.name = name
  return error
}
function ask(what) {
  const reply = parse(send(stringify(what)))
  if (reply.async) return reply.error ? RealPromise.reject(errorOf(reply.error)) : RealPromise.resolve(decode(reply.ok, 'f'))
  if (reply.error) throw errorOf(reply.error)
  return decode(reply.ok, what.kind === 'new' ? 'o' : 'f')
}
function remoteFunction(target) {
  return function (...args) {
    return ask({ ...target, kind: new.target === undefined ? 'call' : 'new', args: encodeList(args) })
  }
}
function encodeList(args) {
  const result = []
  for (let i = 0; i < args.length; i++) result[i] = encode(args[i], 0)
  return result
}
function remoteObject(ref) {
  return new Proxy({}, {
    get(_, key) {
      if (typeof key === 'symbol') return undefined
      const reply = parse(send(stringify({ ref, kind: 'get', key })))
      if (reply.error) throw errorOf(reply.error)
      return reply.method ? (...args) => ask({ ref, kind: 'method', key, args: encodeList(args) }) : decode(reply.ok, '')
    },
    set(_, key, value) {
      ask({ ref, kind: 'set', key: '' + key, args: [encode(value, 0)] })
      return true
    },
  })
}

const lookup = (name) => {
  try { return globalEval(name) } catch { return realm.module?.exports?.[name] }
}
function perform({ kind, ref, name, key, args = [] }) {
  if (isTester && (kind !== 'call' || typeof ref !== 'number' || typeof kept[ref] !== 'function')) throw new TypeError('there is no such function')
  const target = ref === undefined ? lookup(name) : kept[ref]
  const given = []
  for (let i = 0; i < args.length; i++) given[i] = decode(args[i], 'f')
  if (kind === 'value') return answer(target)
  if (kind === 'new') return { ok: ['r', keep(construct(target, given)), 'o'] }
  if (kind === 'call') return answer(apply(target, undefined, given))
  if (kind === 'method') return answer(apply(target[key], target, given))
  if (kind === 'set') { target[key] = given[0]; return { ok: null } }
  const member = target[key]
  return typeof member === 'function' ? { method: true } : answer(member)
}
function answer(value) {
  if (!(value instanceof RealPromise)) return { ok: encode(value, 0) }
  const slot = waiting.length
  waiting[slot] = { error: { name: 'Error', message: 'a promise never settled' } }
  apply(then, value, [
    (result) => { waiting[slot] = attempt(() => ({ ok: encode(result, 0) })) },
    (error) => { waiting[slot] = { error: describe(error) } },
  ])
  return { pending: slot }
}
function describe(error) {
  try {
    if (error instanceof RealError) return { name: '' + error.name, message: ('' + error.message).slice(0, 500) }
    return { name: 'Error', message: ('' + error).slice(0, 500) }
  } catch { return { name: 'Error', message: 'something that cannot be described was thrown' } }
}
function attempt(work) {
  try { return work() } catch (error) { return { error: describe(error) } }
}
return {
  receive: (text) => stringify(attempt(() => perform(parse(text)))),
  settled: (slot) => stringify({ ...waiting[slot], async: true }),
  kindOf: (name) => { try { const value = lookup(name); return value === undefined ? 'missing' : typeof value } catch { return 'missing' } },
  exported: () => stringify(attempt(() => ({ ok: keys(realm.module?.exports ?? {}) }))),
  has: (name) => name in realm || name === 'module' || name === 'exports',
  stub: (name) => remoteFunction({ name }),
  offer: (name, kind) => {
    if (kind === 'function') defineProperty(realm, name, { value: remoteFunction({ name }), writable: true, configurable: true })
    else defineProperty(realm, name, { get: () => ask({ name, kind: 'value' }), set: (value) => defineProperty(realm, name, { value }), configurable: true })
  },
  describe: (error) => stringify(describe(error)),
  keptCount: () => kept.length,
  forget: (count) => { kept.length = count },
}
})`
