import { expect, test } from 'vitest'
import { documentOf, temporaryRun } from '../../temporary-run.ts'

test('buildDocument() adds up cost by place and phase, rates only over entries with tokens', async () => {
  const document = await documentOf(temporaryRun({ arms: ['sft'], features: 1 }))
  expect(document.costs).toEqual([
    {
      round: null,
      arm: null,
      phase: 'grading',
      seconds: 4.1,
      tokens: 21_730,
      tokensPerSecond: 21_730 / 4.1,
      peakResidentBytes: 412_000_000,
    },
    {
      round: '01-refill',
      arm: 'sft',
      phase: 'training',
      seconds: 21,
      tokens: 111_300,
      tokensPerSecond: 5300,
      peakResidentBytes: 412_000_000,
    },
    {
      round: '01-refill',
      arm: 'sft',
      phase: 'grading',
      seconds: 5.2,
      tokens: 27_560,
      tokensPerSecond: 5300,
      peakResidentBytes: 412_000_000,
    },
  ])
})
