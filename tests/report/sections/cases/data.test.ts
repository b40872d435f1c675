import { expect, test } from 'vitest'
import { payloadOf } from './case-payload.ts'

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
