import { expect, test } from 'vitest'
import { answersEqual } from '../../../src/grader/answer/compare-answers.ts'
import { UNIT_DIMENSIONS, unitSet } from '../../../src/grader/exact/units.ts'
import { isCased, sameUnit, unitName } from '../../../src/grader/exact/unit-names.ts'
import { unitText } from '../../../src/grader/answer/unit-text.ts'
import { unitOf } from '../../../src/grader/exact/units.ts'

test('unitText() gives every unit of the table a name that the table has, of the same size', () => {
  for (const dimension of UNIT_DIMENSIONS) {
    const { byName } = unitSet([dimension])
    for (const [name, { factor }] of byName) {
      const plain = name.normalize('NFKC')
      expect([name, byName.get(unitText(plain))?.factor]).toEqual([name, factor])
    }
  }
})

const SYMBOLS = ['Pa', 'm', 'g', 's', 'W', 'Hz', 'mol', 'J', 'V', 'A', 'L', 'B', 'b', 'bar', 'N', 'K', 'T', 'Wh', 'eV', 'Ω', 'cal']
const PREFIXES = ['', 'm', 'M', 'k', 'K', 'p', 'P', 'g', 'G', 'u', 'n', 'N', 'd', 'D', 'c', 'C', 'h', 'H', 't', 'T']

test('answersEqual() never calls two units equal that differ in letter case alone', () => {
  const written = PREFIXES.flatMap((prefix) =>
    SYMBOLS.flatMap((symbol) => [prefix + symbol, prefix + symbol.toLowerCase(), prefix + symbol.toUpperCase()]),
  )
  const byLower = new Map<string, string[]>()
  for (const unit of new Set(written)) byLower.set(unit.toLowerCase(), [...(byLower.get(unit.toLowerCase()) ?? []), unit])
  for (const units of byLower.values()) {
    for (const one of units) {
      for (const two of units) {
        if (one === two) continue
        // KB is a spelling of kB, and liters are l and L.
        const same = unitName(one) !== null && unitName(one) === unitName(two)
        expect([one, two, answersEqual(`5 ${one}`, `5 ${two}`)]).toEqual([one, two, same])
        expect([one, two, isCased(one) && answersEqual(one, two) && !same]).toEqual([one, two, false])
      }
    }
  }
})

test.each([
  ['kilometers per hour', 'km/h'],
  ['km / hr', 'km/h'],
  ['miles per hour', 'mph'],
  ['meters per second squared', 'm/s^2'],
  ['square feet', 'ft^2'],
  ['cubic metres', 'm^3'],
  ['degrees Celsius', '°C'],
  ['Percent', '%'],
  ['Newton', 'N'],
  ['MILLIGRAMS', 'mg'],
  ['US dollars', '$'],
  ['Apples', 'apples'],
  ['mmol of NaCl', 'mmol of NaCl'],
  ['Mmol of salt', 'Mmol of salt'],
])('unitText() writes %j as %j', (text, unit) => {
  expect(unitText(text)).toBe(unit)
})

test('sameUnit() lets pounds be money or weight, and money no weight', () => {
  expect([sameUnit('pound', 'lb'), sameUnit('£', 'pound'), sameUnit('£', 'lb'), sameUnit('yen', 'yuan')]).toEqual([
    true,
    true,
    false,
    false,
  ])
})

test.each(['Mmol', 'MMOL', 'Mbar', 'MBAR', 'KCAL', 'Kcal'])(
  'unitOf() does not read %j in small letters: another unit may be meant',
  (name) => {
    expect(unitOf(name)).toBe(null)
  },
)

test.each(['Grams', 'MILLIGRAMS', 'Kilowatts', 'mmol', 'mbar', 'kcal'])('unitOf() knows %j', (name) => {
  expect(unitOf(name)).not.toBe(null)
})
