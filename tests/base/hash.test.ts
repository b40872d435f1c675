import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { hashJson } from '../../src/base/hash.ts'
import { deriveSeed } from '../../src/base/seeded-random.ts'

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()

test('hashJson() is the first 16 hexadecimal characters of the SHA-256 of canonical JSON', () => {
  for (let n = 0; n < 200; n++) {
    expect(hashJson({ b: n, a: 'é' })).toBe(digest(`{"a":"é","b":${n}}`).toString('hex').slice(0, 16))
  }
})

test('deriveSeed() is the first four bytes of the SHA-256 of its names, lowest byte first', () => {
  for (let n = 0; n < 2000; n++) expect(deriveSeed(n, 'row', 'é')).toBe(digest(JSON.stringify([n, 'row', 'é'])).readUInt32LE(0))
})
