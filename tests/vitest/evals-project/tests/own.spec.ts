import { expect, it } from 'vitest'

it('a test of the user', () => {
  expect(1 + 1).toBe(2)
})
