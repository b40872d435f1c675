import { inflateRawSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { encodePayload } from '../../../../src/report/sections/cases/encode-payload.ts'
import { HOSTILE } from '../../temporary-run.ts'
import { payloadOf } from './case-payload.ts'

test('encodePayload() writes small payloads as JSON without any "<"', async () => {
  const payload = await payloadOf({ gateCases: 5, features: 1, arms: ['sft'], hostile: HOSTILE })
  const { encoding, text } = encodePayload(payload)
  expect(encoding).toBe('json')
  expect(text).not.toContain('<')
  expect(JSON.parse(text)).toEqual(payload)
})

test('encodePayload() deflates large payloads and loses nothing', async () => {
  const payload = await payloadOf({ gateCases: 1500, features: 1, arms: ['sft'] })
  const { encoding, text } = encodePayload(payload)
  expect(encoding).toBe('deflate-raw')
  expect(text).toMatch(/^[A-Za-z0-9+/]+=*$/)
  expect(JSON.parse(inflateRawSync(Buffer.from(text, 'base64')).toString('utf8'))).toEqual(payload)
})
