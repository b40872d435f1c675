/** @file What lists of cases answer, whether they are plain arrays or views of a table. */
import { beforeAll, describe, expect, test } from 'vitest'
import type { Case, Role } from '../../../src/eval/case.ts'
import { caseById, casesWithRole, listCases, roleAt, selectCases } from '../../../src/eval/cases/case-list.ts'
import { CaseTable, PLAIN_CASES } from '../../../src/eval/cases/case-table.ts'
import { setHash } from '../../../src/eval/case-hashes.ts'
import type { Eval } from '../../../src/eval/eval.ts'
import { limitCases, pickCases } from '../../../src/suite/limit-cases.ts'
import { loadWith, testFolder } from '../load.ts'

const ROLES: readonly Role[] = ['train', 'gate', 'train', 'dev']
const row = (at: number): Case => ({ id: `k${at}`, role: ROLES[at % 4] as Role, input: { n: at }, expected: `${at}`, tags: [] })

function tableOf(count: number): { readonly list: readonly Case[]; readonly plain: readonly Case[] } {
  const table = new CaseTable({ memoryBytes: 1, plainCases: 0 })
  const plain = Array.from({ length: count }, (_, at) => row(at))
  for (const one of plain) table.add(one)
  return { list: listCases(table), plain }
}

describe.each([40, PLAIN_CASES + 7])('a list of %d cases', (count) => {
  const { list, plain } = tableOf(count)

  test('is read like an array', () => {
    expect(Array.isArray(list)).toBe(true)
    expect(list).toHaveLength(count)
    expect(list[3]).toEqual(row(3))
    expect(list.at(-1)).toEqual(row(count - 1))
    expect([list[count], list[-1 as number], count in list, count - 1 in list]).toEqual([undefined, undefined, false, true])
    expect(list.slice(2, 4)).toEqual([row(2), row(3)])
    expect(list.filter(({ id }) => id === 'k9')).toEqual([row(9)])
    expect(list.findIndex(({ id }) => id === 'k11')).toBe(11)
    expect([...list].map(({ id }) => id)).toEqual(plain.map(({ id }) => id))
    expect(Object.keys(list)).toHaveLength(count)
    expect(JSON.stringify(list)).toBe(JSON.stringify(plain))
  })

  test('answers for roles and ids', () => {
    for (const role of ['train', 'gate', 'dev', 'twin'] as const) {
      expect(casesWithRole(list, role).map(({ id }) => id)).toEqual(plain.filter((one) => one.role === role).map(({ id }) => id))
    }
    expect([0, 1, 3].map((at) => roleAt(list, at))).toEqual(['train', 'gate', 'dev'])
    expect(caseById(list, `k${count - 1}`)).toEqual(row(count - 1))
    expect(caseById(list, 'none')).toBeUndefined()
  })

  test('gives parts that know only their own cases', () => {
    const places = plain.flatMap((_, at) => (at % 4 === 0 ? [] : [at]))
    const part = selectCases(list, places)
    expect(part.map(({ id }) => id)).toEqual(places.map((at) => `k${at}`))
    expect([caseById(part, 'k0'), caseById(part, 'k5')]).toEqual([undefined, row(5)])
    expect(casesWithRole(part, 'gate')).toHaveLength(plain.filter((one) => one.role === 'gate').length)
  })

  test('has the hash of the same cases as plain objects', () => {
    expect(setHash(list)).toBe(setHash(plain))
    expect(pickCases(list, 25)).toEqual(pickCases(plain, 25))
  })
})

test('a view of a table cannot be changed', () => {
  const { list } = tableOf(PLAIN_CASES + 1)
  const open = list as Case[]
  expect(() => open.push(row(0))).toThrow(TypeError)
  expect(() => (open[0] = row(1))).toThrow(TypeError)
  expect(() => open.pop()).toThrow(TypeError)
  expect(list[0]).toEqual(row(0))
})

describe('loadEval() of more cases than are kept as objects', () => {
  const folder = testFolder()
  const count = PLAIN_CASES + 3
  let loaded: Eval
  beforeAll(async () => {
    const lines = Array.from({ length: count }, (_, at) => JSON.stringify(row(at)))
    loaded = await loadWith({ cases: folder.write('many.jsonl', `${lines.join('\n')}\n`), prompt: 'n {{input.n}}', system: 'S' })
  })

  test('renders any prompt', () => {
    const prompt = (at: number): unknown => [
      { role: 'system', content: 'S' },
      { role: 'user', content: `n ${at}` },
    ]
    expect(loaded.messages.get('k7')).toEqual(prompt(7))
    expect(loaded.messages.get(`k${count - 1}`)).toEqual(prompt(count - 1))
    expect(loaded.messages.get('none')).toBeUndefined()
  })

  test('is cut to a budget like a plain one', () => {
    const budget = { gateCases: 30, devCases: 10 }
    const plain = { ...loaded, cases: [...loaded.cases] }
    const [one, other] = [limitCases(loaded, budget), limitCases(plain, budget)]
    expect(one.cases).toHaveLength(Math.ceil(count / 2) + 40)
    expect(one.cases.map(({ id }) => id)).toEqual(other.cases.map(({ id }) => id))
  })

  test('keeps what a prompt function gave and calls it once', async () => {
    let calls = 0
    const prompt = (one: Case): unknown => [{ role: 'user', content: `${(calls += 1)} ${one.id}` }]
    const asked = await loadWith({ cases: new URL(`file://${folder.path}/many.jsonl`), prompt })
    expect(asked.messages.get('k41')).toEqual([{ role: 'user', content: '42 k41' }])
    expect(asked.messages.get('k41')).toEqual([{ role: 'user', content: '42 k41' }])
    expect(calls).toBe(count)
  })
})
