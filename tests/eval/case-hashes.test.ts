import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Case } from '../../src/eval/case.ts'
import { hashJson } from '../../src/base/hash.ts'
import { caseHash, goldHash, hashJsonList, messagesHash, setHash } from '../../src/eval/case-hashes.ts'
import { promptText } from '../../src/eval/leakage/shared-cases.ts'

const row: Case = { id: 'a', input: { x: 1, y: 2 }, expected: 'z', role: 'gate', tags: [] }

test('caseHash() depends on input, expected and twinOf alone', () => {
  expect(caseHash({ ...row, id: 'b', role: 'dev', tags: ['t'], cluster: 'c', input: { y: 2, x: 1 } })).toBe(caseHash(row))
  expect(caseHash({ ...row, expected: 'w' })).not.toBe(caseHash(row))
  expect(caseHash({ ...row, twinOf: 'q' })).not.toBe(caseHash(row))
  expect(caseHash(row)).toMatch(/^[0-9a-f]{16}$/)
})

test('goldHash() depends on the expected answer alone', () => {
  expect(goldHash({ ...row, input: 'other' })).toBe(goldHash(row))
  expect(goldHash({ ...row, expected: null })).not.toBe(goldHash(row))
})

test('messagesHash() tells where one message ends and the next begins', () => {
  const user = (content: string): { role: 'user'; content: string } => ({ role: 'user', content })
  expect(messagesHash([user('ab'), user('c')])).not.toBe(messagesHash([user('a'), user('bc')]))
  expect(messagesHash([user('a')])).not.toBe(messagesHash([{ role: 'system', content: 'a' }]))
})

test('setHash() does not depend on the order of cases, and does on ids and contents', () => {
  const other = { ...row, id: 'b', expected: 'w' }
  expect(setHash([row, other])).toBe(setHash([other, row]))
  expect(setHash([row])).not.toBe(setHash([{ ...row, id: 'c' }]))
  expect(setHash([row])).not.toBe(setHash([{ ...row, expected: 'w' }]))
})

test('promptText() evens out case, white space and Unicode form, and nothing else', () => {
  const key = (content: string): string => promptText([{ role: 'user', content }])
  expect(key(' ＡB\n\tc ')).toBe(key('ab c'))
  expect(key('3-2')).not.toBe(key('3+2'))
})

test('hashJsonList() is the hash of the whole list', () => {
  fc.assert(fc.property(fc.array(fc.jsonValue(), { maxLength: 8 }), (items) => hashJsonList(items) === hashJson(items)))
  const long = Array.from({ length: 30 }, (_, at) => [at, 'é'.repeat(10_000)])
  expect(hashJsonList(long)).toBe(hashJson(long))
})
