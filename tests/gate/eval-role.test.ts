import { describe, expect, test } from 'vitest'
import { evalRole } from '../../src/gate/eval-role.ts'

describe('evalRole()', () => {
  const state = { features: ['a', 'b', 'c', 'd'], targets: ['c'], accepted: ['a'] }

  test.each([
    ['a', 'old'],
    ['b', 'none'],
    ['c', 'target'],
    ['d', 'future'],
    ['general ability', 'old'],
  ])('evalRole() calls %s %s in the third round, where only the first was accepted', (name, role) => {
    expect(evalRole(name, state)).toBe(role)
  })
})
