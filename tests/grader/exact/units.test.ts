import { expect, test } from 'vitest'
import { answersEqual } from '../../../src/grader/answer/compare-answers.ts'
import { answer } from '../../../src/grader/answer.ts'
import { compare } from '../../../src/grader/exact/fraction.ts'
import { rationalOfDecimal } from '../../../src/grader/exact/rational.ts'
import { convert, UNIT_DIMENSIONS, unitOf, unitSet } from '../../../src/grader/exact/units.ts'
import { number } from '../../../src/grader/number.ts'
import { rewards } from '../grade-with.ts'

const converted = (value: string, from: string, to: string): string => {
  const [rational, a, b] = [rationalOfDecimal(value), unitOf(from), unitOf(to)]
  if (rational === null || a === null || b === null) throw new Error(`${value} ${from} or ${to} is not known`)
  const { top, bottom } = convert(rational, a, b)
  const wanted = Number(top) / Number(bottom)
  return String(wanted)
}

// Each from its standard: SI Brochure, NIST SP 811 appendix B.8, IEC 80000-13.
test.each([
  ['1', 'lb', 'g', '453.59237'],
  ['1', 'oz', 'g', '28.349523125'],
  ['1', 'stone', 'lb', '14'],
  ['1', 'in', 'cm', '2.54'],
  ['1', 'mi', 'ft', '5280'],
  ['1', 'gal', 'cm3', '3785.411784'],
  ['1', 'm³', 'L', '1000'],
  ['1', 'ha', 'm^2', '10000'],
  ['1', 'kcal', 'kJ', '4.184'],
  ['1', 'kWh', 'MJ', '3.6'],
  ['1', 'atm', 'Pa', '101325'],
  ['1', 'bar', 'kPa', '100'],
  ['1', 'kn', 'km/h', '1.852'],
  ['1', 'mph', 'm/s', '0.44704'],
  ['1', 'KB', 'B', '1000'],
  ['1', 'KiB', 'B', '1024'],
  ['1', 'byte', 'bits', '8'],
  ['0', '°C', 'K', '273.15'],
  ['212', '°F', '°C', '100'],
  ['1', '°', 'arcmin', '60'],
  ['1', 'week', 'd', '7'],
  ['5', '%', '‰', '50'],
])('convert() makes of %s %s in %s: %s', (value, from, to, wanted) => {
  expect(converted(value, from, to)).toBe(wanted)
})

test('every unit of every dimension has one size, in a quantity and in an answer', () => {
  const money = ['dollar', 'euro', 'pound']
  for (const dimension of UNIT_DIMENSIONS) {
    const { byName } = unitSet([dimension])
    expect(byName.size, dimension).toBeGreaterThan(1)
    for (const [name, unit] of byName) {
      expect(unit.dimension).toBe(dimension)
      if (money.includes(dimension)) continue
      const measured = unitOf(name)
      expect([name, measured?.dimension, measured?.factor, measured?.offset]).toEqual([name, dimension, unit.factor, unit.offset])
    }
  }
  expect(UNIT_DIMENSIONS).not.toContain('share')
})

test('unitOf() knows no money, and no time of day as a length', () => {
  for (const name of ['$', '€', 'dollars', 'pence', 'am', 'pm', 'as', 'toString', '__proto__']) expect(unitOf(name), name).toBe(null)
  expect(unitOf('pounds')?.dimension).toBe('mass')
})

test('number() and answersEqual() convert the same units', () => {
  for (const [dimension, text, gold, unit] of [
    ['area', '2 ha', '20000', 'm^2'],
    ['pressure', '1 atm', '1013.25', 'hPa'],
    ['temperature', '98.6 °F', '37', '°C'],
    ['temperature', '-40 °F', '-40', '°C'],
    ['time', '2 d', '48', 'h'],
    ['speed', '36 kmh', '10', 'm/s'],
    ['concentration', '5 mg/dL', '50', 'mg/L'],
    ['amount', '0.5 mmol', '500', 'µmol'],
  ] as const) {
    expect([text, rewards(number({ unit }), text, Number(gold))]).toEqual([text, [1, 1]])
    expect([text, answersEqual(text, `${gold} ${unit}`, { units: [dimension] })]).toEqual([text, true])
    expect([text, answersEqual(text, `${gold}1 ${unit}`, { units: [dimension] })]).toEqual([text, false])
    expect([text, answersEqual(text, `${gold} ${unit}`)]).toEqual([text, false])
  }
})

test('graders that convert nothing are known by the version that they had', () => {
  expect([answer().version, answer({ units: ['length'] }).version]).toEqual([3, 4])
  expect([number().version, number({ unit: 'mg' }).version]).toEqual([4, 5])
})

test('compare() tells the sizes of units apart that look alike', () => {
  const size = (name: string) => unitOf(name)?.factor ?? { top: 0n, bottom: 1n }
  expect(compare(size('mW'), size('MW'))).toBeLessThan(0)
  expect(compare(size('μg'), size('µg'))).toBe(0)
})
