import { expect, test } from 'vitest'
import type { Case } from '../../../src/eval/case.ts'
import { CaseTable } from '../../../src/eval/cases/case-table.ts'
import { graders } from '../../../src/grader/graders.ts'
import { loadWith } from '../load.ts'

const row = (at: number): Case => ({ id: `k${at}`, role: 'dev', input: { n: at }, expected: at, tags: [] })

test.each([0, 1, 5, 12, 13])('CaseTable gives 12 cases, their ids and clusters alike with %d of them as plain objects', (plainCases) => {
  const table = new CaseTable({ plainCases })
  const clustered = (at: number): Case => (at === 2 || at === 11 ? { ...row(at), cluster: `c${at}` } : row(at))
  for (let at = 0; at < 12; at++) {
    expect(table.add(row(at))).toBe(undefined)
    // Before it is packed, and after.
    if (at === 2) table.setCluster(2, 'c2')
    if (at === 11) table.setCluster(11, 'c11')
  }
  expect(table.add({ ...row(0), id: 'k7' })).toBe(7)
  expect(table).toHaveLength(12)
  expect(Array.from({ length: 12 }, (_, at) => table.at(at))).toEqual(Array.from({ length: 12 }, (_, at) => clustered(at)))
  expect([table.indexOf('k11'), table.indexOf('k12'), table.roleAt(11)]).toEqual([11, undefined, 'dev'])
})

test('CaseTable keeps the object of a case where there are few, and writes none as text', () => {
  const table = new CaseTable()
  const one = { ...row(0), toJSON: (): never => expect.unreachable('it was written as text') }
  table.add(one)
  expect(table.at(0)).toBe(one)
})

test('loadEval() copies rows that stand in the eval: what a grader does to a case changes no other load', async () => {
  const expected = { drug: 'ibuprofen', doses: [1, { at: 'noon' }] }
  const cases = [{ id: 'a', input: 'x', expected, role: 'gate' as const, cluster: undefined, tags: ['t'] }]
  const options = { cases, graders: [graders.jsonMatch()] }
  const first = await loadWith(options)
  expect(first.cases[0]).toStrictEqual({ id: 'a', input: 'x', expected, role: 'gate', tags: ['t'] })
  const changed = (first.cases[0] as Case).expected as { doses: unknown[] }
  changed.doses.pop()
  expect(expected.doses).toHaveLength(2)
  expect((await loadWith(options)).cases[0]?.expected).toEqual(expected)
})
