import { inflateRawSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { encodePayload, packCases } from '../../../../src/report/sections/cases/data.ts'
import type { CasePayload } from '../../../../src/report/sections/cases/data.ts'
import { traceLineages } from '../../../../src/report/lineage.ts'
import { readRecordedRun } from '../../../../src/report/recorded-run.ts'
import { HOSTILE, temporaryRun } from '../../temporary-run.ts'

async function payloadOf(options: Parameters<typeof temporaryRun>[0]): Promise<CasePayload> {
  const run = await readRecordedRun(temporaryRun(options))
  return packCases(run, traceLineages(run))
}

test('packCases() keeps each text once and every grade at its item', async () => {
  const payload = await payloadOf({ gateCases: 30, features: 1, arms: ['sft', 'grpo'] })
  expect(new Set(payload.strings).size).toBe(payload.strings.length)
  expect(payload.models.map((model) => [model.round, model.arm, model.parent])).toEqual([
    [null, null, null],
    ['01-refill', 'sft', 0],
    ['01-refill', 'grpo', 0],
  ])
  expect(payload.items.id).toHaveLength(90)
  expect(payload.grades.map((grades) => grades.pass.length)).toEqual([90, 90, 90])
  const at = payload.items.id.findIndex((id) => payload.strings[id] === 'refill-0007')
  expect(payload.strings[payload.items.messages[at]?.[3] ?? -1]).toMatch(/^Hello, this is/)
  const trace = JSON.parse(payload.strings[payload.grades[1]?.trace[at] ?? -1] ?? '') as { reward: number }
  expect(trace.reward === 1 ? '1' : '0').toBe(payload.grades[1]?.pass[at])
})

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
