import { expect, test } from 'vitest'
import { watchView } from '../../../../src/report/sections/watch/view.ts'
import { makeHacking, writeWatch } from '../../recorded-watch.ts'
import { documentOf, temporaryRun } from '../../temporary-run.ts'

test('watchView() draws the reward and every signal over the steps and marks the stop', async () => {
  const directory = temporaryRun({ features: 1, arms: ['sft', 'grpo'] })
  writeWatch({ directory, round: '01-refill', arm: 'grpo' }, makeHacking([]))
  const [round, ...others] = watchView(await documentOf(directory))?.rounds ?? []
  expect(others).toEqual([])
  expect(round?.arms.map(({ arm, stopped }) => ({ arm, stopped }))).toEqual([{ arm: 'grpo', stopped: 'stopped at step 100' }])
  const figure = round?.arms[0]?.figure
  // Steps 0 to 150 lie from 40 to 264 across, shares 0 to 1 from 152 up to 8.
  expect(figure?.uprights).toEqual([{ x: 189.3, text: 'stopped', anchor: 'end' }])
  expect(figure?.lines.map(({ label, path }) => ({ label, path }))).toEqual([
    { label: 'training reward', path: 'M40 93L114.7 62.7L189.3 25.3' },
    { label: 'tone', path: 'M40 49.1L114.7 49.1L189.3 69.7' },
    { label: 'twins', path: 'M40 80L114.7 65.6L189.3 108.8' },
  ])
  expect(round?.arms[0]?.legend.map(({ marker, label }) => `${marker} ${label}`)).toEqual(['● training reward', '■ tone', '▲ twins'])
  expect(round?.numbers.at(-1)).toEqual({
    arm: 'grpo',
    step: '100 (stopped)',
    reward: '0.880',
    values: ['0.571 (7 of 8)', '0.300 (10 of 10)'],
  })
})
