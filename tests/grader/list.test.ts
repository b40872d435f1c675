import { expect, test } from 'vitest'
import { list } from '../../src/grader/list.ts'
import { set } from '../../src/grader/set.ts'
import { gradeWith, inputOf, rewards } from './grade-with.ts'

const GOLD = ['apple', 'pear', 'fig']

test.each([
  ['apple, pear, fig', [1, 1]],
  ['Apple; PEAR; fig', [1, 1]],
  ['["apple","pear","fig"]', [1, 1]],
  ['- apple\n- pear\n- fig', [1, 1]],
  ['1. apple\n2. pear\n3. fig', [1, 1]],
  ['apple, pear and fig', [1, 0]],
  ['apple, pear, and fig', [1, 1 / 3]],
  ['Here they are:\n- apple\n- pear\n- fig', [1, 2 / 3]],
  ['The fruits are: apple, pear, fig.', [1, 0]],
  ['apple, pear', [0.8, 2 / 3]],
  ['apple, fig, pear', [2 / 3, 1 / 3]],
  ['fig, pear, apple', [1 / 3, 0]],
  ['apple, pear, fig, plum', [6 / 7, 2 / 3]],
  ['apple, apple, pear, fig', [6 / 7, 2 / 3]],
  ['plum, kiwi', [0, 0]],
  ['', [0, 0]],
  ['[{"a":1}]', [0, 0]],
])('list() rewards %j with %j (eval, reward)', (text, wanted) => {
  const [lenient, strict] = rewards(list(), text, GOLD)
  expect(lenient).toBeCloseTo(wanted[0] as number, 12)
  expect(strict).toBeCloseTo(wanted[1] as number, 12)
})

test.each([
  ['fig, pear, apple', [1, 1]],
  ['fig, fig, pear, apple', [1, 2 / 3]],
  ['apple, pear', [0.8, 2 / 3]],
  ['apple, pear, fig, plum, kiwi, lime, nut', [0.6, 0]],
  ['fig, fig, fig, fig', [0.5, 0]],
])('set() rewards %j with %j (eval, reward)', (text, wanted) => {
  const [lenient, strict] = rewards(set(), text, GOLD)
  expect(lenient).toBeCloseTo(wanted[0] as number, 12)
  expect(strict).toBeCloseTo(wanted[1] as number, 12)
})

test('set() with credit "all" rewards nothing but the whole set', () => {
  expect(rewards(set({ credit: 'all' }), 'fig, pear, apple', GOLD)).toEqual([1, 1])
  expect(rewards(set({ credit: 'all' }), 'fig, pear', GOLD)).toEqual([0, 0])
  expect(rewards(list({ credit: 'all' }), 'fig, pear, apple', GOLD)).toEqual([0, 0])
})

test('set() compares items as numbers or dates when told so', () => {
  expect(rewards(set({ items: 'number', separator: ' ' }), '1e3 .50', [0.5, 1000])).toEqual([1, 1])
  expect(rewards(set({ items: 'date' }), '3.11.2026; Nov 4, 2026', ['2026-11-04', '2026-11-03'])).toEqual([1, 1])
  expect(rewards(set({ items: 'exact' }), 'Fig', ['fig'])).toEqual([0, 0])
})

test('list() splits at a declared separator and nowhere else', () => {
  expect(rewards(list({ separator: '|' }), 'a, b | c', ['a, b', 'c'])).toEqual([1, 1])
  expect(() => list({ separator: '' })).toThrow('the separator is empty')
})

test('list() takes an array that the parser made', () => {
  expect(list().grade(inputOf('whatever', [1, 'b'], 'reward', [1, 'b']))).toMatchObject({ reward: 1, extractionRule: 'parsed' })
})

test('list() cannot grade a case that expects no list', () => {
  for (const gold of ['a', [], [['a']], [null]])
    expect(gradeWith(list(), 'a', gold).errors).toEqual([
      { code: 'GOLD_UNUSABLE', message: "the case's expected answer is not a list of 1 to 1000 texts, numbers or booleans" },
    ])
})

test('set() gives an answer of thousands of items nothing', () => {
  expect(rewards(set(), 'fig,'.repeat(1001), ['fig'])).toEqual([0, 0])
})
