import { expect, test } from 'vitest'
import { axisTo, lineFigure } from '../../src/report/line-figure.ts'

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
