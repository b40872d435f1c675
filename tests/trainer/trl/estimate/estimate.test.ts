import { expect, test } from 'vitest'
import { estimateTrl, trlEstimate } from '../../../../src/trainer/trl/estimate/estimate.ts'

const GIB = 2 ** 30

test('estimateTrl() takes a card of the table in the precision of the options, and asks no machine', async () => {
  const four = await estimateTrl({ precision: '4bit', python: '/no/such/python' }, 'a100')
  expect(four.device).toMatchObject({ kind: 'cuda', precision: '4bit', memoryBytes: 80 * GIB, gradientCheckpointing: true })
  expect((await estimateTrl({ gradientCheckpointing: false }, 'a100')).device).toMatchObject({
    precision: 'bf16',
    gradientCheckpointing: false,
  })
  await expect(estimateTrl({}, 'abacus')).rejects.toMatchObject({ code: 'CARD_UNKNOWN' })
})

test('trlEstimate() grades on the processor where the embedded engine answers the evals', () => {
  const card = { kind: 'cuda', precision: 'bf16', name: 'RTX 4090', memoryBytes: null } as const
  expect(trlEstimate({}, card).grading).toBeNull()
  expect(trlEstimate({ evaluation: 'embedded' }, card).grading).toMatchObject({ name: 'cpu' })
})
