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
const RealRegExp = RegExp, RealProxy = Proxy, iterator = Symbol.iterator, prototypeOf = Object.getPrototypeOf, objectPrototype = Object.prototype
// Objects on the other side by what stands for them here, and the kinds of errors that came from there.
const refs = new WeakMap(), kindsOf = new WeakMap()
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
// Time passes only when everything else waits, and then at once.
const timers = []
let now = 0, lastTimer = 0
function later(work, ms, every, args) {
  if (typeof work === 'function') timers[timers.length] = { id: ++lastTimer, at: now + (ms > 0 ? +ms : 0), work, args, every }
  return lastTimer
}
function cancel(id) {
  for (let i = 0; i < timers.length; i++) if (timers[i].id === id) timers[i].work = null
}
function tick() {
  let next = -1
  for (let i = 0; i < timers.length; i++) if (timers[i].work !== null && (next < 0 || timers[i].at < timers[next].at)) next = i
  if (next < 0) return false
  const timer = timers[next]
  now = timer.at
  const { work, args } = timer
  if (timer.every === null) timer.work = null
  else timer.at += timer.every
  try { work(...args) } catch {}
  return true
}
function haveTimers() {
  realm.setTimeout = (work, ms, ...args) => later(work, ms, null, args)
  realm.setImmediate = (work, ...args) => later(work, 0, null, args)
  realm.setInterval = (work, ms, ...args) => later(work, ms, ms > 1 ? +ms : 1, args)
  realm.clearTimeout = realm.clearInterval = realm.clearImmediate = cancel
  realm.queueMicrotask = (work) => void RealPromise.resolve().then(work)
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
  if (typeof value === 'function') return depth === 0 || isTester ? ['r', keep(value), 'f'] : ['u']
  if (typeof value !== 'object') return ['u']
  if (isArray(value) || ArrayBuffer.isView(value)) return ['a', encodeAll(value, depth)]
  if (value instanceof RealMap) return ['m', encodeAll([...value], depth)]
  if (value instanceof RealSet) return ['s', encodeAll([...value], depth)]
  if (value instanceof RealDate) return ['d', +value]
  if (value instanceof RealError) return ['e', '' + value.name, '' + value.message]
  if (value instanceof RealRegExp) return ['x', value.source, value.flags]
  if (refs.has(value)) return ['q', refs.get(value)]
  if (isIterator(value)) return ['g', encodeAll(firstOf(value), depth)]
  if (!isTester && depth < 20 && hasMethods(value)) return ['r', keep(value), 'p']
  const names = keys(value), members = []
  for (let i = 0; i < names.length; i++) members[i] = [names[i], encode(value[names[i]], depth + 1)]
  return ['o', members]
}
const isIterator = (value) => typeof value.next === 'function' && typeof value[iterator] === 'function'
function firstOf(iterable) {
  const items = []
  for (const item of iterable) {
    if (items.length === 10000) break
    items[items.length] = item
  }
  return items
}
function hasMethods(value) {
  const parent = prototypeOf(value)
  if (parent !== null && parent !== objectPrototype) return true
  for (const name of keys(value)) if (typeof value[name] === 'function') return true
  return false
}
function encodeAll(list, depth) {
  const result = []
  for (let i = 0; i < list.length; i++) result[i] = encode(list[i], depth + 1)
  return result
}
const decodeData = (given) => decode(given, isTester ? 'p' : 'f')
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
  if (tag === 'x') return new RealRegExp(body, more)
  if (tag === 'g') return (function* () { yield* body.map(decodeData) })()
  if (tag === 'q' && !isTester) return kept[body]
  if (tag === 'e') return errorOf({ name: body, message: more })
  if (tag === 'r') {
    if (!reference.includes(more) || typeof body !== 'number') throw new TypeError('a reference came where data was expected')
    return more === 'f' ? remoteFunction({ ref: body }) : remoteObject(body, more === 'o')
  }
  const result = {}
  for (const [key, member] of body) defineProperty(result, key, { value: decodeData(member), writable: true, enumerable: true, configurable: true })
  return result
}
function errorOf({ name, message, kinds = [] }) {
  const error = new (Object.hasOwn(errors, name) ? errors[name] : RealError)(message)
  kindsOf.set(error, kinds)
  if (!Object.hasOwn(errors, name)) error.name = name
  return error
}
function ask(what, args = []) {
  const reply = parse(send(stringify(what)))
  if (reply.async) return reply.error ? RealPromise.reject(errorOf(reply.error)) : RealPromise.resolve(decode(reply.ok, 'f'))
  if (reply.error) throw errorOf(reply.error)
  if (isTester && reply.changed) for (const [index, body] of reply.changed) change(args[index], decodeData(body))
  return decode(reply.ok, !isTester ? 'f' : what.kind === 'new' ? 'o' : 'fp')
}
/** What a call that gives nothing made of its arguments is brought into those of the tests. */
function change(own, value) {
  if (isArray(own) && isArray(value)) own.splice(0, own.length, ...value)
  else if (own instanceof RealMap || own instanceof RealSet) {
    own.clear()
    for (const item of value) own instanceof RealMap ? own.set(item[0], item[1]) : own.add(item)
  } else if (typeof own === 'object' && own !== null && typeof value === 'object' && value !== null) {
    for (const key of keys(own)) if (!Object.hasOwn(value, key)) delete own[key]
    Object.assign(own, value)
  }
}
function remoteFunction(target) {
  const work = function (...args) {
    return ask({ ...target, kind: new.target === undefined ? 'call' : 'new', args: encodeList(args) }, args)
  }
  if (!isTester || target.name === undefined) return work
  // A class on the other side: it knows its instances and what was thrown, and has members.
  defineProperty(work, Symbol.hasInstance, { value: (value) => {
    if (refs.has(value)) return ask({ ...target, kind: 'has', args: [['q', refs.get(value)]] }) === true
    return (kindsOf.get(value) ?? []).includes(target.name)
  } })
  return new RealProxy(work, { get: (own, key) => (typeof key === 'symbol' || key in own || key === 'then' ? own[key] : memberOf(target, key)) })
}
function encodeList(args) {
  const result = []
  for (let i = 0; i < args.length; i++) result[i] = encode(args[i], 0)
  return result
}
function memberOf(target, key) {
  const reply = parse(send(stringify({ ...target, kind: 'get', key })))
  if (reply.error) throw errorOf(reply.error)
  return reply.method ? (...args) => ask({ ...target, kind: 'method', key, args: encodeList(args) }, args) : decode(reply.ok, 'p')
}
/** What a function gives may be an object that answers every such question with yes. */
const PREDICATES = ['includes', 'every', 'some', 'has', 'startsWith', 'endsWith', 'test', 'hasOwnProperty', 'isPrototypeOf', 'indexOf', 'lastIndexOf', 'findIndex', 'search', 'localeCompare', 'valueOf', 'toString', 'toJSON', 'then', 'constructor', 'length']
function remoteObject(ref, isMadeHere) {
  const own = {}
  const refresh = () => {
    const now = ask({ ref, kind: 'data', args: [] })
    for (const key of keys(own)) delete own[key]
    Object.assign(own, now)
    return own
  }
  const proxy = new RealProxy(own, {
    get(_, key) {
      if (key === iterator) return isMadeHere ? () => ask({ ref, kind: 'iterate', args: [] })[iterator]() : undefined
      if (typeof key === 'symbol' || key === 'then' || key === 'toJSON' || key === 'constructor') return undefined
      if (!isMadeHere && PREDICATES.includes(key)) return Object.hasOwn(refresh(), key) ? own[key] : undefined
      return memberOf({ ref }, key)
    },
    set(_, key, value) {
      ask({ ref, kind: 'set', key: '' + key, args: [encode(value, 0)] })
      return true
    },
    ownKeys: () => Reflect.ownKeys(refresh()),
    has: (_, key) => key in refresh(),
    getOwnPropertyDescriptor: (_, key) => Object.getOwnPropertyDescriptor(refresh(), key),
  })
  refs.set(proxy, ref)
  return proxy
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
  if (kind === 'call') return answer(apply(target, undefined, given), given, args)
  if (kind === 'method') return answer(apply(target[key], target, given), given, args)
  if (kind === 'has') return { ok: given[0] instanceof target }
  if (kind === 'iterate') return { ok: ['a', encodeAll(firstOf(target), 0)] }
  if (kind === 'data') {
    const names = keys(target), members = []
    for (let i = 0; i < names.length; i++) members[i] = [names[i], encode(target[names[i]], 1)]
    return { ok: ['o', members] }
  }
  if (kind === 'set') { target[key] = given[0]; return { ok: null } }
  const member = target[key]
  return typeof member === 'function' ? { method: true } : answer(member)
}
function answer(value, given, before) {
  if (value === undefined && given !== undefined && !isTester) return { ok: ['u'], ...changes(given, before) }
  if (!(value instanceof RealPromise)) return { ok: encode(value, 0) }
  const slot = waiting.length
  waiting[slot] = { error: { name: 'Error', message: 'a promise never settled' } }
  apply(then, value, [
    (result) => { waiting[slot] = attempt(() => ({ ok: encode(result, 0) })) },
    (error) => { waiting[slot] = { error: describe(error) } },
  ])
  return { pending: slot }
}
/** What gives nothing works in place, as a rule; of all else the tests keep their own arguments. */
function changes(given, before) {
  const changed = []
  for (let i = 0; i < given.length; i++) {
    if (typeof given[i] !== 'object' || given[i] === null || before[i]?.[0] === 'q') continue
    const now = encode(given[i], 1)
    if (stringify(now) !== stringify(before[i])) changed[changed.length] = [i, now]
  }
  return changed.length === 0 ? {} : { changed }
}
function describe(error) {
  try {
    if (error instanceof RealError) {
      const kinds = []
      for (let at = prototypeOf(error); at !== null && kinds.length < 20; at = prototypeOf(at)) kinds[kinds.length] = '' + at.constructor?.name
      return { name: '' + error.name, message: ('' + error.message).slice(0, 500), kinds }
    }
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
  tick, haveTimers,
  keptCount: () => kept.length,
  forget: (count) => { kept.length = count },
}
})`
