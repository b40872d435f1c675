import { expect, test } from 'vitest'
import { rewardOf } from './grade-code.ts'

const CODE = `
class Animal { constructor(name) { this.name = name } static of(name) { return new this(name) } speak() { return this.name } }
class Dog extends Animal { *[Symbol.iterator]() { yield* this.name } chain() { return this } }
class Bad extends Error {}
const api = { square: (x) => x * x, count: 0, inc() { this.count += 1 } }
const makeCounter = (n) => ({ value: n, increment() { return ++this.value } })
const build = (values) => values.reduceRight((next, value) => new Cell(value, next), null)
class Cell { constructor(value, next) { this.value = value; this.next = next } }
const rename = (animal, name) => { animal.name = name }
const sort = (items) => { items.sort() }
const put = (map, key, record) => { map.set(key, 1); record.a = 2; delete record.b }
const compose = (steps) => (x) => steps.reduceRight((value, step) => step(value), x)
function* upTo(n) { for (let at = 0; at < n; at++) yield at }
const sleep = (ms) => new Promise((done) => setTimeout(done, ms))
const fail = () => { throw new Bad('no') }
const pattern = () => /^a+$/
export { api as default }
`
test.each([
  ['members of an object', 'assert.equal(api.square(3), 9)\napi.inc()\nassert.equal(api.count, 1)'],
  [
    'an object with methods from a function',
    'const c = makeCounter(5)\nassert(c.increment() === 6 && c.value === 6)\nassert.deepEqual(Object.keys(c).length, 2)',
  ],
  [
    'static members and kinds',
    "assert(Animal.of('a').name === 'a')\nconst d = new Dog('b')\nassert(d instanceof Animal && d instanceof Dog && !(new Animal('a') instanceof Dog) && !(3 instanceof Animal))",
  ],
  ['an instance as data', "assert.deepEqual(new Animal('a'), { name: 'a' })\nexpect(new Animal('a')).not.toEqual({})"],
  ['an instance that can be iterated', "assert.deepEqual([...new Dog('ab')], ['a', 'b'])"],
  [
    'instances within instances',
    'const list = build([1, 2])\nassert(list.value === 1 && list.next.value === 2 && list.next.next === null)',
  ],
  ['instances that are handed on', "const a = new Animal('a')\nrename(a, 'b')\nassert(a.name === 'b' && a.speak() === 'b')"],
  [
    'work in place',
    'const xs = [3, 1, 2]\nsort(xs)\nassert.deepEqual(xs, [1, 2, 3])\nconst m = new Map(), r = { b: 1 }\nput(m, "k", r)\nassert(m.get("k") === 1)\nassert.deepEqual(r, { a: 2 })',
  ],
  ['functions within a list', 'assert(compose([(x) => x + 1, (x) => x * 2])(4) === 9)'],
  [
    'a generator',
    'const g = upTo(3)\nassert(g.next().value === 0)\nassert.deepEqual([...g], [1, 2])\nassert.deepEqual([...upTo(2)], [0, 1])',
  ],
  ['timers', 'await sleep(1000)\nassert.equal(await sleep(5), undefined)'],
  [
    'own errors',
    "assert.throws(fail, Bad)\nexpect(fail).toThrow(Bad)\ntry { fail() } catch (e) { assert(e instanceof Bad && e instanceof Error && e.message === 'no') }",
  ],
  ['patterns', "assert(pattern().test('aa') && !pattern().test('b'))"],
])('runsTests() lets JavaScript tests use %s of the code', async (_, tests) => {
  expect(await rewardOf('javascript', CODE, tests)).toBe(1)
})

const GULLIBLE = `
const f = () => ({ includes: () => true, every: () => true, startsWith: () => true, indexOf: () => 0, valueOf: () => 3, toString: () => '3', test: () => true, fits: () => true })
class E { constructor() { this.a = 1 } m() {} }
const g = (xs) => { xs.length = 0; return [] }
const h = () => [{ fits: () => true }]
class Bad extends Error {}
const fail = () => { throw new Error('no') }
console.assert = () => {}
let n = 0
const counts = () => ({ get a() { return n++ }, m() {} })
`
test.each([
  'assert(f().includes(3))',
  'assert(f().every((x) => x > 0))',
  "assert(f().startsWith('a'))",
  'assert(f().indexOf(3) >= 0)',
  'assert(f() > 2)',
  'assert.equal(f(), 3)',
  'expect(f()).toBeCloseTo(3)',
  "assert(f().test('a'))",
  'expect(f()).toContain(3)',
  'expect(f()).toEqual(3)',
  'expect([3]).toEqual(h())',
  'expect(f()).toEqual(expect.any(Number))',
  'assert.deepEqual(new E(), {})',
  'const xs = [2, 1]\nassert.deepEqual(g(xs), [...xs].sort())',
  'assert.throws(fail, Bad)',
  'console.assert(f() === 3)',
  'const c = counts()\nassert(c.a === 1 && c.a === 1)',
])('runsTests() believes no JavaScript object of what it is equal to: %s', async (tests) => {
  expect(await rewardOf('javascript', GULLIBLE, tests)).toBe(0)
})
