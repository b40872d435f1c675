/**
 * @file What test code finds in its sandbox besides assertions: `test`, `describe`, hooks, `require` of what is there. It runs where no candidate's code runs.
 */
import { GUEST_ASSERTIONS } from './guest-assertions.ts'

/** Source of `() => api`: takes marked tests and runs one of them by number. */
export const GUEST_TESTS = String.raw`(function () {
'use strict'
const globalEval = eval, tests = [], realm = globalThis
${GUEST_ASSERTIONS}
let scope = { before: [], after: [], parent: null, isSkipped: false }
const hooks = (from, kind) => (from === null ? [] : kind === 'before' ? [...hooks(from.parent, kind), ...from.before] : [...from.after, ...hooks(from.parent, kind)])
function add(name, work, ...more) {
  const body = typeof work === 'function' ? work : more[0]
  if (typeof body !== 'function') refuse('a test without a function')
  if (body.length > 0) refuse('a test that takes a callback or a context')
  if (scope.isSkipped) return
  const within = scope
  tests.push({ name: String(name).slice(0, 100), work: async () => {
    for (const before of hooks(within, 'before')) await before()
    try { await body() } finally { for (const after of hooks(within, 'after')) await after() }
  } })
}
function group(work, isSkipped) {
  scope = { before: [], after: [], parent: scope, isSkipped: isSkipped || scope.isSkipped }
  try { watch(work()) } finally { scope = scope.parent }
}
const once = (work) => { let done = null; return () => (done ??= Promise.resolve(work())) }
const nothing = () => undefined
const each = (rows) => {
  if (!Array.isArray(rows) || Array.isArray(rows.raw)) refuse('test.each of a template')
  return (name, work) => rows.forEach((row) => { const args = Array.isArray(row) ? row : [row]; if (work.length > args.length) refuse('a test that takes a callback or a context'); add(name, () => work(...args)) })
}
const test = closed(Object.assign((...args) => add(...args), { each, skip: nothing, todo: nothing }), 'test')
const describe = closed(Object.assign((_, work) => group(work, false), { skip: nothing }), 'describe')
const beforeEach = (work) => { scope.before.push(work) }, beforeAll = (work) => { scope.before.push(once(work)) }
const afterEach = (work) => { scope.after.push(work) }
Object.assign(test, { test, it: test, describe, suite: describe, before: beforeAll, beforeEach, afterEach, after: nothing })
const given = { assert, expect: closed(Object.assign(expect, fitting), 'expect'), test, it: test, describe, suite: describe, beforeEach, beforeAll, before: beforeAll, afterEach, afterAll: nothing, after: nothing }
Object.assign(assertions, { strict: assert, AssertionError: Error })
Object.assign(assert, { strict: assert })
const known = { assert, 'assert/strict': assert, test: Object.assign(test, { default: test }), vitest: given, '@jest/globals': given }
realm.console.assert = (value, message) => { state.asserted += 1; if (!value) state.broken ??= String(message ?? 'an assertion failed').slice(0, 300) }
/** The code, from whatever module the tests believe it to be in: the name that is asked for, else what is tested. */
function own(path, local, entry) {
  const base = path.replace(/^.*\/|\.\w+$/g, '')
  const whole = [local, base].find((name) => typeof name === 'string' && /^[\w$]+$/.test(name) && Object.hasOwn(realm, name))
  const value = whole === undefined ? entry : realm[whole]
  return new Proxy(typeof value === 'function' ? value : entry, { get: (object, key) => (key === 'default' ? value : key === '__esModule' ? true : typeof key === 'string' && Object.hasOwn(realm, key) ? realm[key] : object[key]) })
}
let entryOf = () => undefined
realm.require = (name, local) => {
  if (/^\.{1,2}\//.test(String(name))) return own(String(name), local, entryOf)
  const plain = String(name).replace(/^node:/, '')
  return Object.hasOwn(known, plain) ? known[plain] : refuse('the module ' + JSON.stringify(String(name).slice(0, 60)))
}
Object.assign(realm, given)
for (const name of ['jest', 'vi', 'chai', 'sinon', 'setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask'])
  Object.defineProperty(realm, name, { get: () => refuse(name), configurable: true })

// A promise whose value goes nowhere: when it is rejected or never settles, the test has failed.
let pending = 0
const forEach = Array.prototype.forEach
function watch(value) {
  if (Array.isArray(value)) forEach.call(value, (item) => { watch(item) })
  if (!(value instanceof Promise)) return value
  pending += 1
  value.then(() => { pending -= 1 }, (error) => { pending -= 1; state.broken ??= messageOf(error) })
  return value
}
Array.prototype.forEach = function (work, self) { return forEach.call(this, typeof work === 'function' ? function (...args) { watch(work.apply(self, args)) } : work) }
realm.holdfast$watch = watch
realm.holdfast$mark = (value) => { state.asserted += 1; return value }
realm.holdfast$truth = (value) => { state.asserted += 1; if (value !== true) fail(undefined, show(value) + ' is not true') }
realm.holdfast$idle = (work) => { const { asserted } = state; try { return work() } finally { state.asserted = asserted } }
realm.holdfast$declare = (functions) => { for (const [name, work] of functions) add(name, work) }
for (const name of ['watch', 'mark', 'truth', 'idle', 'declare']) Object.defineProperty(realm, 'holdfast$' + name, { writable: false, configurable: false })

let outcome = {}
function begin(work) {
  Object.assign(state, { asserted: 0, broken: null, skipped: null })
  outcome = { error: 'it never ended' }
  pending = 0
  work().then(() => { outcome = { error: null } }, (error) => { outcome = { error: messageOf(error) } })
}
const compiled = (source) => globalEval('(async () => {' + source + '\n})')
return {
  code: (work) => { entryOf = work },
  program: (source) => begin(compiled(source)),
  statement: (source) => { tests.push({ name: '', work: compiled(source) }) },
  pair: (work, args, wanted) => {
    const [given, gold] = [JSON.parse(args), JSON.parse(wanted)]
    tests.push({ name: '', work: async () => { const value = await work(...given); state.asserted += 1; if (!same(value, gold)) fail(undefined, 'gave ' + show(value)) } })
  },
  names: () => JSON.stringify(tests.map(({ name }) => name)),
  start: (index) => begin(async () => tests[index].work()),
  outcome: () => JSON.stringify({ error: outcome.error ?? state.broken ?? (pending > 0 ? 'a promise never settled' : null), unusable: state.refused, skipped: state.skipped, asserted: state.asserted }),
}
})`
