/**
 * @file Units of measurement and how many of its dimension's first unit each is, exactly. Every unit is written out: with prefixes derived, the time
 * "5 am" would be five attometers. Read by quantities (in any dimension but money) and by answers (in the dimensions that an eval declares).
 * Source: SI Brochure, 9th edition (2019); NIST SP 811 (2008), appendix B.8, for the international yard and pound of 1959, the US gallon of 231 cubic
 * inches, the thermochemical calorie, the standard atmosphere and the nautical mile; IEC 80000-13, by which kB are 1000 and KiB 1024 bytes. Units that
 * differ by country or year (ton, pint, year, month) are left out.
 */
import { add, divide, multiply } from './fraction.ts'
import type { Rational } from './rational.ts'
import { divide as divideReduced, rationalOfDecimal, ZERO } from './rational.ts'
import { isCased } from './unit-names.ts'

/** Names of one unit, and its size in the dimension's first unit: a decimal or a fraction. A value times size, plus offset, is the value in that unit. */
type Row = readonly [names: string, size: string, offset?: string]

// Symbols as they are written; words in lower case.
const TABLE = {
  mass: [
    ['g|gram|grams|gramme|grammes', '1'],
    ['kg|kilogram|kilograms|kilo|kilos', '1000'],
    ['mg|milligram|milligrams', '0.001'],
    ['µg|ug|mcg|microgram|micrograms', '1e-6'],
    ['ng|nanogram|nanograms', '1e-9'],
    ['t|tonne|tonnes', '1e6'],
    ['lb|lbs|pound|pounds', '453.59237'],
    ['oz|ounce|ounces', '28.349523125'],
    ['st|stone', '6350.29318'],
  ],
  length: [
    ['m|meter|meters|metre|metres', '1'],
    ['km|kilometer|kilometers|kilometre|kilometres', '1000'],
    ['cm|centimeter|centimeters|centimetre|centimetres', '0.01'],
    ['mm|millimeter|millimeters|millimetre|millimetres', '0.001'],
    ['µm|um|micrometer|micrometers|micron|microns', '1e-6'],
    ['nm|nanometer|nanometers', '1e-9'],
    ['in|inch|inches', '0.0254'],
    ['ft|foot|feet', '0.3048'],
    ['yd|yard|yards', '0.9144'],
    ['mi|mile|miles', '1609.344'],
  ],
  time: [
    ['s|sec|secs|second|seconds', '1'],
    ['ms|millisecond|milliseconds', '0.001'],
    ['µs|us|microsecond|microseconds', '1e-6'],
    ['ns|nanosecond|nanoseconds', '1e-9'],
    ['min|mins|minute|minutes', '60'],
    ['h|hr|hrs|hour|hours', '3600'],
    ['d|day|days', '86400'],
    ['week|weeks', '604800'],
  ],
  volume: [
    ['l|L|liter|liters|litre|litres', '1'],
    ['ml|mL|milliliter|milliliters|millilitre|millilitres', '0.001'],
    ['cl|cL|centiliter|centiliters', '0.01'],
    ['dl|dL|deciliter|deciliters', '0.1'],
    ['µl|µL|ul|uL|microliter|microliters', '1e-6'],
    ['m³|m3|m^3', '1000'],
    ['cm³|cm3|cm^3|cc', '0.001'],
    ['gal|gallon|gallons', '3.785411784'],
  ],
  area: [
    ['m²|m2|m^2', '1'],
    ['cm²|cm2|cm^2', '1e-4'],
    ['mm²|mm2|mm^2', '1e-6'],
    ['km²|km2|km^2', '1e6'],
    ['ha|hectare|hectares', '1e4'],
  ],
  temperature: [
    ['K|kelvin|kelvins', '1'],
    ['°C|℃|celsius', '1', '273.15'],
    ['°F|℉|fahrenheit', '5/9', '45967/180'],
  ],
  amount: [
    ['mol|mole|moles', '1'],
    ['mmol|millimole|millimoles', '0.001'],
    ['µmol|umol|micromole|micromoles', '1e-6'],
  ],
  concentration: [
    ['g/L|g/l', '1'],
    ['mg/dL|mg/dl', '0.01'],
    ['mg/L|mg/l', '0.001'],
    ['mg/mL|mg/ml', '1'],
    ['µg/mL|µg/ml|mcg/mL|ug/mL', '0.001'],
  ],
  energy: [
    ['J|joule|joules', '1'],
    ['kJ|kilojoule|kilojoules', '1000'],
    ['MJ|megajoule|megajoules', '1e6'],
    ['cal|calorie|calories', '4.184'],
    ['kcal|kilocalorie|kilocalories', '4184'],
    ['Wh', '3600'],
    ['kWh', '3.6e6'],
  ],
  power: [
    ['W|watt|watts', '1'],
    ['mW|milliwatt|milliwatts', '0.001'],
    ['kW|kilowatt|kilowatts', '1000'],
    ['MW|megawatt|megawatts', '1e6'],
  ],
  pressure: [
    ['Pa|pascal|pascals', '1'],
    ['hPa', '100'],
    ['kPa|kilopascal|kilopascals', '1000'],
    ['MPa', '1e6'],
    ['bar|bars', '1e5'],
    ['mbar|millibar|millibars', '100'],
    ['atm', '101325'],
  ],
  speed: [
    ['m/s', '1'],
    ['km/h|kmh|kph', '5/18'],
    ['mph|miles/hour', '0.44704'],
    ['kn|knot|knots', '1852/3600'],
  ],
  data: [
    ['B|byte|bytes', '1'],
    ['bit|bits', '0.125'],
    ['kB|KB|kilobyte|kilobytes', '1000'],
    ['MB|megabyte|megabytes', '1e6'],
    ['GB|gigabyte|gigabytes', '1e9'],
    ['TB|terabyte|terabytes', '1e12'],
    ['KiB|kibibyte|kibibytes', '1024'],
    ['MiB|mebibyte|mebibytes', '1048576'],
    ['GiB|gibibyte|gibibytes', '1073741824'],
  ],
  share: [
    ['%|percent|per cent', '1'],
    ['‰|permille', '0.1'],
  ],
  angle: [
    ['°|deg|degree|degrees', '1'],
    ['′|arcmin', '1/60'],
  ],
  dollar: [
    ['$|dollar|dollars|USD|usd', '1'],
    ['cent|cents|¢', '0.01'],
  ],
  euro: [['€|euro|euros|EUR|eur', '1']],
  pound: [
    ['£|GBP|gbp', '1'],
    ['pence', '0.01'],
  ],
} as const satisfies Readonly<Record<string, readonly Row[]>>

type Dimension = keyof typeof TABLE

/** A dimension whose units an eval lets be converted in answers. Money is a dimension for each currency: there is no exact rate between two. */
export type UnitDimension = Exclude<Dimension, 'share'>

/** Every dimension of answers; what percent means there is a policy of its own. */
export const UNIT_DIMENSIONS: readonly UnitDimension[] = (Object.keys(TABLE) as Dimension[]).filter((name) => name !== 'share')

/** A unit: a value in it times `factor`, plus `offset`, is the value in the dimension's first unit. */
export interface Unit {
  readonly dimension: Dimension
  readonly factor: Rational
  readonly offset: Rational
}

const MONEY: readonly Dimension[] = ['dollar', 'euro', 'pound']
/** The sign for micro is written with two characters that look alike. */
const [MICRO, GREEK_MU] = ['µ', 'μ']

const BY_DIMENSION: ReadonlyMap<Dimension, ReadonlyMap<string, Unit>> = new Map(
  Object.entries(TABLE).map(([name, rows]) => [name as Dimension, new Map(rows.flatMap((row) => unitsOfRow(name as Dimension, row)))]),
)
const MEASURES: ReadonlyMap<string, Unit> = new Map(
  [...BY_DIMENSION].flatMap(([dimension, units]) => (MONEY.includes(dimension) ? [] : [...units])),
)

function unitsOfRow(dimension: Dimension, [names, size, offset]: Row): readonly (readonly [string, Unit])[] {
  const unit = { dimension, factor: fractionIn(size), offset: offset === undefined ? ZERO : fractionIn(offset) }
  return names.split('|').map((name) => [name, unit])
}

function fractionIn(text: string): Rational {
  const [over = '', under = '1'] = text.split('/')
  // The table holds nothing but numbers.
  return divideReduced(rationalOfDecimal(over), rationalOfDecimal(under)) ?? ZERO
}

/** The unit of a name, money aside: symbols in their own letter case, words in any. Null when the table has none. */
export function unitOf(name: string): Unit | null {
  const written = name.trim().replaceAll(GREEK_MU, MICRO).replace('º', '°')
  const word = written.toLowerCase()
  return (
    MEASURES.get(written) ?? (word.length > 3 && !isCased(written.replaceAll(MICRO, GREEK_MU)) ? MEASURES.get(word) : undefined) ?? null
  )
}

/** The value in another unit of the same dimension. */
export function convert(value: Rational, from: Unit, to: Unit): Rational {
  const base = add(multiply(value, from.factor), from.offset)
  return divide(add(base, { top: -to.offset.top, bottom: to.offset.bottom }), to.factor)
}

/** Units of some dimensions. */
export interface UnitSet {
  /** A name that two dimensions share is of the first. */
  readonly byName: ReadonlyMap<string, Unit>
  /** The letters with which names begin: the m of m/s. */
  readonly beginnings: ReadonlySet<string>
}

const EMPTY: UnitSet = { byName: new Map(), beginnings: new Set() }
const made = new Map<string, UnitSet>()

/** The units of the declared dimensions, by names that have been normalised (NFKC) too. */
export function unitSet(dimensions: readonly UnitDimension[]): UnitSet {
  if (dimensions.length === 0) return EMPTY
  const key = dimensions.join(' ')
  const before = made.get(key)
  if (before !== undefined) return before
  const byName = new Map<string, Unit>()
  for (const dimension of dimensions) {
    for (const [name, unit] of BY_DIMENSION.get(dimension) ?? []) {
      for (const written of [name, name.normalize('NFKC')]) if (!byName.has(written)) byName.set(written, unit)
    }
  }
  const units = { byName, beginnings: new Set([...byName.keys()].map((name) => /^\p{L}*/u.exec(name)?.[0] ?? '')) }
  made.set(key, units)
  return units
}
