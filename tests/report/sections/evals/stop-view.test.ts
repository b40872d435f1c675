import { expect, test } from 'vitest'
import { stopView } from '../../../../src/report/sections/evals/stop-view.ts'
import { makeHacking, writeWatch } from '../../recorded-watch.ts'
import { documentOf, temporaryRun } from '../../temporary-run.ts'

test('stopView() shows three completions at once and counts on from there', async () => {
  const directory = temporaryRun({ features: 1, arms: ['grpo'] })
  writeWatch({ directory, round: '01-refill', arm: 'grpo' }, makeHacking(['one', 'two', 'three\n3', '', 'five']))
  const [round] = (await documentOf(directory)).rounds
  const view = round === undefined ? null : stopView(round)
  expect(view?.completions.map((each) => each.head)).toEqual([['one'], ['two'], ['three', '3']])
  expect(view?.more.map(({ isEmpty, reward }) => ({ isEmpty, reward }))).toEqual([
    { isEmpty: true, reward: '0.625' },
    { isEmpty: false, reward: '0.5' },
  ])
  expect(view?.moreStart).toBe(4)
})
