import { expect, test } from 'vitest'
import type { Case } from '../../src/eval/case.ts'
import { loadEval } from '../../src/eval/load-eval.ts'
import { limitCases, pickCases } from '../../src/suite/limit-cases.ts'
import { smallEval } from './small-suite.ts'

const row = (i: number, changes: Partial<Case> = {}): Case => ({ id: `k${i}`, role: 'gate', input: i, expected: i, tags: [], ...changes })
const rows = Array.from({ length: 40 }, (_, i) => row(i))

test('pickCases() keeps the old order and takes cases from all over the list', () => {
  const picked = pickCases(rows, 10).map(({ input }) => input as number)
  expect(picked).toHaveLength(10)
  expect(picked).toEqual(picked.toSorted((one, other) => one - other))
  expect(picked[0]).toBeLessThan(12)
  expect(picked[9]).toBeGreaterThan(27)
  expect(pickCases(rows, 100)).toEqual(rows)
})

test('pickCases() gives up few of its choices when cases are added', () => {
  const before = new Set(pickCases(rows, 20).map(({ id }) => id))
  const after = pickCases([...rows, row(40), row(41)], 20).filter(({ id }) => before.has(id))
  expect(after.length).toBeGreaterThanOrEqual(18)
})

test('limitCases() cuts each role alone and drops twins whose case is gone', async () => {
  const gate = Array.from({ length: 8 }, (_, i) => row(i))
  const twins = gate.map(({ id }, i) => row(100 + i, { role: 'twin', twinOf: id }))
  const train = Array.from({ length: 5 }, (_, i) => row(200 + i, { role: 'train' }))
  const full = await loadEval(smallEval('e', { cases: [...gate, ...twins, ...train] }), { origin: 'e.eval.ts' })
  const { cases } = limitCases(full, { gateCases: 3 })
  const ids = (role: Case['role']) => cases.filter((one) => one.role === role).map((one) => one.twinOf ?? one.id)
  expect(ids('gate')).toHaveLength(3)
  expect(ids('twin')).toEqual(ids('gate'))
  expect(ids('train')).toHaveLength(5)
})

test('limitCases() spends the number of twins on twins of cases that stay', async () => {
  const gate = Array.from({ length: 40 }, (_, i) => row(i))
  const twins = gate.map(({ id }, i) => row(100 + i, { role: 'twin', twinOf: id }))
  const full = await loadEval(smallEval('e', { cases: [...gate, ...twins] }), { origin: 'e.eval.ts' })
  const { cases } = limitCases(full, { gateCases: 10, twinCases: 4 })
  expect(cases.filter((one) => one.role === 'twin')).toHaveLength(4)
  const kept = new Set(cases.filter((one) => one.role === 'gate').map((one) => one.id))
  expect(cases.every((one) => one.twinOf === undefined || kept.has(one.twinOf))).toBe(true)
})
