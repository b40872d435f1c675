/**
 * @file Units that can be converted exactly into each other, by dimension. Only the dimensions that an eval declares are ever converted.
 */
import { multiply, rationalOfDecimal } from './rational.ts'
import type { Rational } from './rational.ts'

/** A dimension whose units an eval lets be converted. Currencies are dimensions of their own: there is no exact rate between two. */
export type UnitDimension = keyof typeof TABLE

/** The unit of a dimension's measures and how many of it one unit is. */
export interface Unit {
  readonly dimension: UnitDimension
  readonly factor: Rational
}

/** "names = factor" lines; a factor is a decimal or a fraction, in the first unit of its dimension. */
const TABLE = {
  length:
    'm meter meters metre metres=1|km kilometer kilometers kilometre kilometres=1000|cm centimeter centimeters centimetre centimetres=0.01|mm millimeter millimeters millimetre millimetres=0.001|in inch inches=0.0254|ft foot feet=0.3048|yd yard yards=0.9144|mi mile miles=1609.344',
  mass: 'g gram grams=1|kg kilogram kilograms=1000|mg milligram milligrams=0.001|mcg microgram micrograms µg μg=0.000001|t tonne tonnes=1000000|lb lbs pound pounds=453.59237|oz ounce ounces=28.349523125',
  time: 's sec secs second seconds=1|ms millisecond milliseconds=0.001|min mins minute minutes=60|h hr hrs hour hours=3600|day days=86400|week weeks=604800',
  volume: 'l L liter liters litre litres=1|ml mL milliliter milliliters millilitre millilitres=0.001|dl dL=0.1|cm^3 cc=0.001|m^3=1000',
  area: 'm^2=1|cm^2=0.0001|mm^2=0.000001|km^2=1000000|ha hectare hectares=10000',
  speed: 'm/s=1|km/h kmh kph=5/18|mph miles/hour=0.44704',
  data: 'byte bytes B=1|kB KB=1000|MB=1000000|GB=1000000000|KiB=1024|MiB=1048576|GiB=1073741824|bit bits=0.125',
  angle: '° degree degrees deg=1',
  energy: 'J joule joules=1|kJ=1000|cal=4.184|kcal=4184|kWh=3600000|Wh=3600',
  dollar: '$ dollar dollars USD usd=1|cent cents ¢=0.01',
  euro: '€ euro euros EUR eur=1',
  pound: '£ GBP gbp=1|pence=0.01',
} as const

/** Every dimension. */
export const UNIT_DIMENSIONS = Object.keys(TABLE) as readonly UnitDimension[]

/** Units of some dimensions. */
export interface UnitSet {
  /** A name that two dimensions share is of the first. */
  readonly byName: ReadonlyMap<string, Unit>
  /** The letters with which names begin: the m of m/s. */
  readonly beginnings: ReadonlySet<string>
}

const EMPTY: UnitSet = { byName: new Map(), beginnings: new Set() }
const made = new Map<string, UnitSet>()

/** The units of the declared dimensions. */
export function unitSet(dimensions: readonly UnitDimension[]): UnitSet {
  if (dimensions.length === 0) return EMPTY
  const key = dimensions.join(' ')
  const before = made.get(key)
  if (before !== undefined) return before
  const byName = new Map<string, Unit>()
  for (const dimension of dimensions) {
    for (const [name, factor] of unitsOf(TABLE[dimension])) if (!byName.has(name)) byName.set(name, { dimension, factor })
  }
  const units = { byName, beginnings: new Set([...byName.keys()].map((name) => /^\p{L}*/u.exec(name)?.[0] ?? '')) }
  made.set(key, units)
  return units
}

function* unitsOf(lines: string): Iterable<readonly [string, Rational]> {
  for (const line of lines.split('|')) {
    const [names = '', text = ''] = line.split('=')
    const [over = '', under = '1'] = text.split('/')
    const [top, bottom] = [rationalOfDecimal(over), rationalOfDecimal(under)]
    const factor = bottom === null ? null : multiply(top, { top: bottom.bottom, bottom: bottom.top })
    if (factor !== null) for (const name of names.split(' ')) yield [name, factor]
  }
}
