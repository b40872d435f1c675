import { expect, test } from 'vitest'
import { planDifferences } from '../../src/ledger/plan-differences.ts'

test('planDifferences() names each differing member with both values', () => {
  const before = { seed: 1, gate: { margin: 0.05, alpha: 0.05 }, arms: [{ name: 'sft' }], same: [1, { a: null }] }
  const now = {
    seed: 1,
    gate: { alpha: 0.05, margin: 0.1 },
    arms: [{ name: 'sft-hot' }, { name: 'grpo' }],
    same: [1, { a: null }],
    more: 'x\u001b',
  }
  expect(planDifferences(before, now)).toEqual([
    'gate.margin: 0.05 became 0.1',
    'arms.0.name: "sft" became "sft-hot"',
    'arms.1: null became {"name":"grpo"}',
    'more: null became "x "',
  ])
})

test('planDifferences() ignores the order of keys', () => {
  expect(planDifferences({ a: 1, b: 2 }, { b: 2, a: 1 })).toEqual([])
})
