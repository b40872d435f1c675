/**
 * @file Units of measurement and exact conversions between those of one dimension. No prefixes are derived and no units multiplied: a unit is in the table or unknown.
 */
import { add, divide, multiply } from './ratio.ts'
import type { Ratio } from './ratio.ts'

/** A unit: a value in it times `factor`, plus `offset`, is the value in the dimension's first unit. */
export interface Unit {
  readonly dimension: string
  readonly factor: Ratio
  readonly offset: Ratio
}

type Row = readonly [names: string, num: number | bigint, den?: number | bigint, offset?: readonly [number, number]]

// Symbols as they are written; words in lower case. International yard and pound (1959), US gallon, thermochemical calorie, Julian year left out.
const TABLE: Readonly<Record<string, readonly Row[]>> = {
  mass: [
    ['g|gram|grams|gramme|grammes', 1],
    ['kg|kilogram|kilograms|kilo|kilos', 1000],
    ['mg|milligram|milligrams', 1, 1000],
    ['µg|ug|mcg|microgram|micrograms', 1, 1_000_000],
    ['ng|nanogram|nanograms', 1, 1_000_000_000],
    ['t|tonne|tonnes', 1_000_000],
    ['lb|lbs|pound|pounds', 45_359_237, 100_000],
    ['oz|ounce|ounces', 45_359_237, 1_600_000],
    ['st|stone', 635_029_318, 100_000],
  ],
  length: [
    ['m|meter|meters|metre|metres', 1],
    ['km|kilometer|kilometers|kilometre|kilometres', 1000],
    ['cm|centimeter|centimeters|centimetre|centimetres', 1, 100],
    ['mm|millimeter|millimeters|millimetre|millimetres', 1, 1000],
    ['µm|um|micrometer|micrometers|micron|microns', 1, 1_000_000],
    ['nm|nanometer|nanometers', 1, 1_000_000_000],
    ['in|inch|inches', 254, 10_000],
    ['ft|foot|feet', 3048, 10_000],
    ['yd|yard|yards', 9144, 10_000],
    ['mi|mile|miles', 1_609_344, 1000],
  ],
  time: [
    ['s|sec|secs|second|seconds', 1],
    ['ms|millisecond|milliseconds', 1, 1000],
    ['µs|us|microsecond|microseconds', 1, 1_000_000],
    ['ns|nanosecond|nanoseconds', 1, 1_000_000_000],
    ['min|mins|minute|minutes', 60],
    ['h|hr|hrs|hour|hours', 3600],
    ['d|day|days', 86_400],
    ['week|weeks', 604_800],
  ],
  volume: [
    ['l|L|liter|liters|litre|litres', 1],
    ['ml|mL|milliliter|milliliters|millilitre|millilitres|cc', 1, 1000],
    ['cl|cL|centiliter|centiliters', 1, 100],
    ['dl|dL|deciliter|deciliters', 1, 10],
    ['µl|µL|ul|uL|microliter|microliters', 1, 1_000_000],
    ['m³|m3', 1000],
    ['cm³|cm3', 1, 1000],
    ['gal|gallon|gallons', 3_785_411_784, 1_000_000_000],
  ],
  temperature: [
    ['K|kelvin|kelvins', 1],
    ['°C|℃|celsius', 1, 1, [27_315, 100]],
    ['°F|℉|fahrenheit', 5, 9, [45_967, 180]],
  ],
  amount: [
    ['mol|mole|moles', 1],
    ['mmol|millimole|millimoles', 1, 1000],
    ['µmol|umol|micromole|micromoles', 1, 1_000_000],
  ],
  concentration: [
    ['g/L|g/l', 1],
    ['mg/dL|mg/dl', 1, 100],
    ['mg/L|mg/l', 1, 1000],
    ['mg/mL|mg/ml', 1],
    ['µg/mL|µg/ml|mcg/mL|ug/mL', 1, 1000],
  ],
  energy: [
    ['J|joule|joules', 1],
    ['kJ|kilojoule|kilojoules', 1000],
    ['MJ|megajoule|megajoules', 1_000_000],
    ['cal|calorie|calories', 4184, 1000],
    ['kcal|kilocalorie|kilocalories', 4184],
    ['Wh', 3600],
    ['kWh', 3_600_000],
  ],
  power: [
    ['W|watt|watts', 1],
    ['mW|milliwatt|milliwatts', 1, 1000],
    ['kW|kilowatt|kilowatts', 1000],
    ['MW|megawatt|megawatts', 1_000_000],
  ],
  pressure: [
    ['Pa|pascal|pascals', 1],
    ['hPa', 100],
    ['kPa|kilopascal|kilopascals', 1000],
    ['MPa', 1_000_000],
    ['bar|bars', 100_000],
    ['mbar|millibar|millibars', 100],
    ['atm', 101_325],
  ],
  speed: [
    ['m/s', 1],
    ['km/h|kph', 1000, 3600],
    ['mph', 1_609_344, 3_600_000],
    ['kn|knot|knots', 1852, 3600],
  ],
  data: [
    ['B|byte|bytes', 1],
    ['bit|bits', 1, 8],
    ['kB|KB|kilobyte|kilobytes', 1000],
    ['MB|megabyte|megabytes', 1_000_000],
    ['GB|gigabyte|gigabytes', 1_000_000_000],
    ['TB|terabyte|terabytes', 1_000_000_000_000],
    ['KiB|kibibyte|kibibytes', 1024],
    ['MiB|mebibyte|mebibytes', 1_048_576],
    ['GiB|gibibyte|gibibytes', 1_073_741_824],
  ],
  share: [
    ['%|percent|per cent', 1],
    ['‰|permille', 1, 10],
  ],
  angle: [
    ['°|deg|degree|degrees', 1],
    ['′|arcmin', 1, 60],
  ],
}

const UNITS: ReadonlyMap<string, Unit> = new Map(
  Object.entries(TABLE).flatMap(([dimension, rows]) =>
    rows.flatMap(([names, num, den = 1, offset = [0, 1]]) =>
      names.split('|').map((name) => {
        const unit = {
          dimension,
          factor: { num: BigInt(num), den: BigInt(den) },
          offset: { num: BigInt(offset[0]), den: BigInt(offset[1]) },
        }
        return [name, unit] as const
      }),
    ),
  ),
)

/** Symbols of more than three letters: Mmol is no mmol. */
const LONG_SYMBOLS = new Set(['mmol', 'µmol', 'umol', 'mbar', 'kcal'])

/** The unit of a name: symbols in their own letter case, words in any. Null when the table has none. */
export function unitOf(name: string): Unit | null {
  // The sign for micro is written with two characters that look alike.
  const written = name.trim().replaceAll('\u03bc', 'µ').replace('º', '°')
  const word = written.toLowerCase()
  return UNITS.get(written) ?? (word.length > 3 && !LONG_SYMBOLS.has(word) ? UNITS.get(word) : undefined) ?? null
}

/** The value in another unit of the same dimension. */
export function convert(value: Ratio, from: Unit, to: Unit): Ratio {
  const base = add(multiply(value, from.factor), from.offset)
  return divide(add(base, { num: -to.offset.num, den: to.offset.den }), to.factor)
}
