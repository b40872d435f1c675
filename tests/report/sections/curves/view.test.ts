import { expect, test } from 'vitest'
import { curvesView } from '../../../../src/report/sections/curves/view.ts'
import { documentWith } from '../../changed-document.ts'

test('curvesView() names the old eval that decides whether a checkpoint is eligible', async () => {
  const score = { cases: 100, ungraded: 0, score: 0.8, margin: 0.05 }
  const base = { devPassShare: 0.5, retainedPassShare: 0.9, klNewNats: null, klOldNats: null }
  const checkpoints = [
    { ...base, step: 0, old: [{ ...score, eval: 'refill', difference: null }] },
    {
      ...{ ...base, step: 50 },
      old: [
        { ...score, eval: 'general-json', difference: -0.06, margin: 0.15 },
        { ...score, eval: 'refill', difference: -0.12 },
      ],
    },
  ]
  const document = await documentWith({}, { checkpoints })
  expect(curvesView(document)?.rounds[0]?.numbers.map(({ worstOld }) => worstOld)).toEqual(['–', 'refill −12.0, beyond its margin of 5.0'])
})
