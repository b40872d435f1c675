import { expect, test } from 'vitest'
import { hashJson } from '../../src/base/hash.ts'
import { caseHash, setHash } from '../../src/eval/case-hashes.ts'
import type { Case } from '../../src/eval/case.ts'

const rows = (count: number): Case[] =>
  Array.from({ length: count }, (_, n) => ({ id: `c${(n * 7919) % count}`, input: n, expected: 'é', role: 'gate', tags: [] }))

test.each([0, 1, 999, 1000, 1001, 2500])('setHash() is the hash of the sorted list of %i ids and contents', (count) => {
  const cases = rows(count)
  const whole = hashJson(cases.map((row) => `${row.id} ${caseHash(row)}`).toSorted())
  expect(setHash(cases)).toBe(whole)
  expect(setHash(cases.toReversed())).toBe(whole)
  expect(setHash(cases, cases.map(caseHash))).toBe(whole)
})
