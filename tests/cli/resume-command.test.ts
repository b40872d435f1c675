import { expect, test } from 'vitest'
import { commandLine } from '../../src/cli/resume-command.ts'

test('commandLine() writes words that a shell reads as they are', () => {
  const flags = { model: 'http://h:1/v1?api=chat#a b', roles: ['gate', 'twin'], limit: 3, cache: undefined, reports: "it's" }
  expect(commandLine(['eval', 'refill'], flags)).toBe(
    `npx holdfast eval refill --model 'http://h:1/v1?api=chat#a b' --roles gate,twin --limit 3 --reports 'it'\\''s'`,
  )
})
