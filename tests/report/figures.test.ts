import { expect, test } from 'vitest'
import { intervalFigure } from '../../src/report/sections/evals/interval-figure.ts'
import { axisTo, lineFigure } from '../../src/report/line-figure.ts'
import { bytesText, countText, durationText, pValue, signedPoints } from '../../src/report/number-text.ts'
import type { ReportedEval } from '../../src/report/document.ts'

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

test('lineFigure() leaves gaps out and enlarges the chosen point', () => {
  const axis = { from: 0, to: 1, ticks: [] }
  const points = [
    { x: 0, y: 0 },
    { x: 0.5, y: null },
    { x: 1, y: 1, emphasis: true },
  ]
  const [line] = lineFigure({ title: '', x: { ...axis }, y: axis, height: 118 }, [{ label: 'new', style: 1, points }]).lines
  expect(line?.path).toBe('M40 100L264 8')
  expect(line?.markers.map((marker) => marker.emphasis)).toEqual([false, true])
})

test('axisTo() ends at a round number that holds the largest value', () => {
  expect(axisTo(0.067, String)).toMatchObject({ from: 0, to: 0.1 })
  expect(axisTo(0, String).to).toBe(1)
})

test('signedPoints() has a true minus sign, no negative zero and a dash for nothing', () => {
  expect([-0.0733, 0.0004, -0.0004, 0.5, null].map(signedPoints)).toEqual(['−7.3', '0.0', '0.0', '+50.0', '–'])
})

test('pValue(), countText(), durationText() and bytesText() print as a reader expects', () => {
  expect([0.0254, 0.00003, 1, null].map(pValue)).toEqual(['.025', '< .001', '> .999', '–'])
  expect(countText(1_234_567)).toBe('1\u202f234\u202f567')
  expect([4.06, 59.6, 125, 7290].map(durationText)).toEqual(['4.1 s', '1 min 00 s', '2 min 05 s', '2 h 01 min'])
  expect([412_000_000, 11_600_000_000].map(bytesText)).toEqual(['412 MB', '11.60 GB'])
})
