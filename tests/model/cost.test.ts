import { expect, test } from 'vitest'
import { addUsage, costOf, NO_USAGE, priceOf } from '../../src/model/cost.ts'

const PRICES = JSON.stringify({ small: { promptPerMillion: 1, completionPerMillion: 4 } })

test('addUsage() sums what was counted, and nothing for what was not', () => {
  const sum = addUsage(addUsage(NO_USAGE, { promptTokens: 3, completionTokens: 4 }), undefined)
  expect(addUsage(sum, { promptTokens: 10, completionTokens: 20 })).toEqual({ promptTokens: 13, completionTokens: 24 })
})

test('costOf() charges prompt and completion at their own price', () => {
  expect(costOf({ promptTokens: 2_000_000, completionTokens: 500_000 }, { promptPerMillion: 1, completionPerMillion: 4 })).toBe(4)
})

test('priceOf() finds a price by the server’s name or the whole reference, and none for others', () => {
  expect(priceOf('http://host/v1#small', PRICES)?.completionPerMillion).toBe(4)
  expect(priceOf('http://host/v1#constructor', PRICES)).toBe(null)
  expect(priceOf('http://host/v1#small', undefined)).toBe(null)
})

test('priceOf() refuses a table that is none', () => {
  expect(() => priceOf('x', '{"small": 3}')).toThrowErrorMatchingInlineSnapshot(`
    [PricesInvalidError: PRICES_INVALID  The prices of tokens cannot be read
      where  HOLDFAST_PRICES
      fix    write JSON like {"model-name": {"promptPerMillion": 0.5, "completionPerMillion": 1.5}}, or unset it]
  `)
})
