import { expect, test } from 'vitest'
import { isOverErrorBudget } from '../../src/trainer/reward-error-budget.ts'

test('isOverErrorBudget() forgives a tenth, and the first fifty whatever they are of', () => {
  expect([isOverErrorBudget(50, 50), isOverErrorBudget(51, 51), isOverErrorBudget(100, 1000), isOverErrorBudget(101, 1000)]).toEqual([
    false,
    true,
    false,
    true,
  ])
})
