import { expect, test } from 'vitest'
import { intervalFigure } from '../../../../src/report/sections/evals/interval-figure.ts'
import type { ReportedEval } from '../../../../src/report/sections/evals/reported-eval.ts'

const REPORTED: ReportedEval = {
  name: 'extract',
  role: 'old',
  blocking: true,
  mustHold: true,
  advisoryReason: null,
  verdict: 'REGRESSED',
  reason: '',
  margin: 0.05,
  minEffect: 0.05,
  n: 150,
  errors: 0,
  before: 0.9,
  after: 0.8267,
  difference: -0.0733,
  interval: [-0.1229, -0.0307],
  lost: 14,
  gained: 3,
  flags: [],
  neededN: null,
  baselines: [],
  lostCases: [],
}

test('intervalFigure() places the interval, the margin line and zero on one linear scale', () => {
  const figure = intervalFigure(REPORTED, 0.2)
  expect(figure).toMatchObject({ zeroX: 110, limitX: 84.3, band: { x: 84.3, width: 51.5 }, pointX: 72.3, beyondLeft: false })
  expect(figure.bar).toEqual({ x1: 46.7, x2: 94.2 })
  expect(figure.shape).toEqual({ circle: false, diamond: true, ring: false })
  expect(figure.label).toBe('−7.3 points, interval [−12.3, −3.1], margin −5.0')
})

test('intervalFigure() cuts what lies beyond the scale and says so', () => {
  const figure = intervalFigure({ ...REPORTED, role: 'target', verdict: 'IMPROVED', difference: 0.5, interval: [0.4, 0.6] }, 0.2)
  expect(figure).toMatchObject({ beyondRight: true, beyondLeft: false, pointX: null, limitX: 135.8, bar: { x1: 213, x2: 213 } })
})

test('intervalFigure() draws no bar where nothing could be graded', () => {
  const figure = intervalFigure({ ...REPORTED, difference: null, interval: [null, null] }, 0.2)
  expect(figure).toMatchObject({ bar: null, pointX: null })
})
