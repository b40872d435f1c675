import { expect, test } from 'vitest'
import { casePassed, clusterKey } from '../../src/gate/case-rules.ts'

test('clusterKey() keeps a case without cluster apart from a cluster of the same name', () => {
  expect([clusterKey('a', null), clusterKey('b', 'a'), clusterKey('c', 'a')]).toEqual(['case a', 'cluster a', 'cluster a'])
})

test('casePassed() counts a tie as passed', () => {
  expect([casePassed(0, 1), casePassed(1, 3), casePassed(1, 2), casePassed(2, 3), casePassed(0.5, 1), casePassed(0.49, 1)]).toEqual([
    false,
    false,
    true,
    true,
    true,
    false,
  ])
})
