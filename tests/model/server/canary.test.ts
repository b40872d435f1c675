import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { canaryRecordSchema, canaryTolerance, checkBaseCanary, checkCanary, readCanary } from '../../../src/model/server/canary.ts'
import type { CanaryRecord } from '../../../src/model/server/canary.ts'
import { z } from 'zod'
import { canaryRecordSchema as protocolSchema } from '../../../src/trainer/trl/protocol.ts'

const directory = mkdtempSync(join(tmpdir(), 'holdfast-canary-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))

const RECORD: CanaryRecord = { ids: [1, 2, 3, 4], promptLength: 2, logProbs: [-1, -2], baseLogProbs: [-1.5, -2.5], precision: 'f32' }
const serving = (...logProbs: readonly (number | null)[]): { echo: () => Promise<readonly (number | null)[]> } => ({
  echo: () => Promise.resolve([null, -9, ...logProbs]),
})

test('checkCanary() passes the adapter within rounding, and says how far it is from the base', async () => {
  const result = await checkCanary(serving(-1.0005, -2), 'a', { record: RECORD })
  expect(result.difference).toBeCloseTo(0.0005, 10)
  expect(result.baseDifference).toBeCloseTo(0.5, 10)
  expect(result.isTelling).toBe(true)
})

test('checkCanary() refuses the base in the adapter’s place, and says so', async () => {
  await expect(checkCanary(serving(-1.5, -2.5), 'a', { record: RECORD })).rejects.toThrow(
    'differ by 0.5 nats, at most 0.001 nats is rounding; they are those of the base without an adapter',
  )
})

test('checkCanary() refuses another adapter, and one token that is off', async () => {
  await expect(checkCanary(serving(-1, -2.01), 'a', { record: RECORD })).rejects.toMatchObject({ code: 'CANARY_DIFFERS' })
})

test('checkCanary() refuses numbers that are nearer to the base’s, though within the tolerance', async () => {
  const record = { ...RECORD, logProbs: [-1, -2], baseLogProbs: [-1.3, -2.3], precision: 'bf16' }
  await expect(checkCanary(serving(-1.2, -2.2), 'a', { record })).rejects.toThrow('nearer to those of the base')
  expect((await checkCanary(serving(-1.1, -2.1), 'a', { record })).isTelling).toBe(true)
})

test('checkCanary() says when the sequence cannot tell adapter from base', async () => {
  const record = { ...RECORD, baseLogProbs: [-1.0001, -2] }
  expect((await checkCanary(serving(-1.0001, -2), 'a', { record })).isTelling).toBe(false)
})

test('checkCanary() refuses a server that gives no number for a token', async () => {
  await expect(checkCanary(serving(-1, null), 'a', { record: RECORD })).rejects.toMatchObject({ code: 'CANARY_DIFFERS' })
  await expect(checkCanary(serving(-1), 'a', { record: RECORD })).rejects.toMatchObject({ code: 'CANARY_DIFFERS' })
})

test('checkBaseCanary() passes the base the adapter was trained on, and no other', async () => {
  await checkBaseCanary(serving(-1.5, -2.5), 'base', { record: RECORD })
  await expect(checkBaseCanary(serving(-1.6, -2.5), 'base', { record: RECORD })).rejects.toMatchObject({ code: 'CANARY_DIFFERS' })
})

test('canaryTolerance() is wider where numbers are coarser', () => {
  expect([canaryTolerance('f32'), canaryTolerance('bf16'), canaryTolerance('4bit'), canaryTolerance('f8')]).toEqual([
    1e-3, 0.25, 0.25, 0.25,
  ])
})

test('readCanary() gives the record, or null where there is none, and refuses what cannot be read', () => {
  expect(readCanary(directory)).toBe(null)
  writeFileSync(join(directory, 'canary.json'), JSON.stringify(RECORD))
  expect(readCanary(directory)).toEqual(RECORD)
  writeFileSync(join(directory, 'canary.json'), '{"ids": 1}')
  expect(() => readCanary(directory)).toThrow('its canary.json cannot be read')
})

test('canaryRecordSchema is the one that the runner writes by', () => {
  expect(z.toJSONSchema(canaryRecordSchema)).toEqual(z.toJSONSchema(protocolSchema))
})
