import { expect, test } from 'vitest'
import { bytesText, countText, durationText, minusSigns, pValue, signedPoints } from '../../src/report/number-text.ts'

test('signedPoints() has a true minus sign, no negative zero and a dash for nothing', () => {
  expect([-0.0733, 0.0004, -0.0004, 0.5, null].map(signedPoints)).toEqual(['−7.3', '0.0', '0.0', '+50.0', '–'])
})

test('pValue(), countText(), durationText() and bytesText() print as a reader expects', () => {
  expect([0.0254, 0.00003, 1, null].map(pValue)).toEqual(['.025', '< .001', '> .999', '–'])
  expect(countText(1_234_567)).toBe('1\u202f234\u202f567')
  expect([4.06, 59.6, 125, 7290].map(durationText)).toEqual(['4.1 s', '1 min 00 s', '2 min 05 s', '2 h 01 min'])
  expect([412_000_000, 11_600_000_000].map(bytesText)).toEqual(['412 MB', '11.60 GB'])
})

test('minusSigns() leaves the hyphens of words, dates and exponents', () => {
  const fact = 'general-json REGRESSED in 02-appointment: -3.7 points [90 % CI -6.4, +1.6], p = 2.9e-11, at most -0.050 on 2026-11-29'
  expect(minusSigns(fact)).toBe(
    'general-json REGRESSED in 02-appointment: −3.7 points [90 % CI −6.4, +1.6], p = 2.9e-11, at most −0.050 on 2026-11-29',
  )
})
