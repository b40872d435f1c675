/**
 * @file One name for each unit of measurement and currency: meters, metres and m are one unit. Nothing is converted here, and letter case counts: mW is no MW.
 */

/** symbol:names of units that take the metric prefixes. Names are in lower case. */
const METRIC =
  'm:meter,metre|g:gram,gramme|s:second,sec|A:ampere,amp|K:kelvin|mol:mole|cd:candela|Hz:hertz|N:newton|Pa:pascal|J:joule|W:watt|C:coulomb|V:volt|F:farad|' +
  'Ω:ohm|S:siemens|Wb:weber|T:tesla|H:henry|lm:lumen|lx:lux|Bq:becquerel|Gy:gray|Sv:sievert|L:liter,litre|eV:electronvolt|cal:calorie|bar:bar|B:byte|bit:bit|' +
  'Wh:watt-hour|rad:radian|Da:dalton|bps:bps|Bps:Bps|Ah:ampere-hour|VA:volt-ampere|dB:decibel'
const PREFIXES =
  'Y:yotta|Z:zetta|E:exa|P:peta|T:tera|G:giga|M:mega|k:kilo|h:hecto|da:deka|d:deci|c:centi|m:milli|μ:micro|n:nano|p:pico|f:femto|a:atto|z:zepto|y:yocto'
/** symbol:names of the others; every name is written out. */
const OTHERS =
  'min:minute,minutes,mins|h:hour,hours,hr,hrs|day:day,days|week:week,weeks,wk,wks|month:month,months|year:year,years,yr,yrs|' +
  'in:inch,inches|ft:foot,feet|yd:yard,yards|mi:mile,miles|lb:lbs|pound:pounds|oz:ounce,ounces|gal:gallon,gallons|qt:quart,quarts|pt:pint,pints|' +
  'tbsp:tablespoon,tablespoons|tsp:teaspoon,teaspoons|ton:tons|t:tonne,tonnes|acre:acres|ha:hectare,hectares|knot:knots,kn|atm:atmosphere,atmospheres|' +
  'mmHg:mmHg|psi:psi|rpm:rpm|mph:mph|kph:kmh,kmph|mL:ml|cL:cl|dL:dl|μL:μl,uL,ul|μg:mcg,ug|μm:um,micron,microns|μs:us|KiB:kibibyte,kibibytes|' +
  'MiB:mebibyte,mebibytes|GiB:gibibyte,gibibytes|kB:KB|°:degree,degrees,deg|%:percent|' +
  '$:dollar,dollars,USD,usd,bucks|¢:cent,cents|€:euro,euros,EUR,eur|£:GBP,gbp,quid|yen:JPY,jpy|yuan:CNY,RMB,renminbi|₹:INR,rupee,rupees|₩:KRW,won|₽:RUB,ruble,rubles,rouble,roubles|CHF:franc,francs'
/** Plurals that do not end in s as their singulars do not. */
const UNCHANGED = new Set(['hertz', 'siemens', 'lux'])

const SYMBOLS = new Set<string>()
const NAMES = new Map<string, string>()

function addUnit(symbol: string, names: readonly string[]): void {
  SYMBOLS.add(symbol)
  NAMES.set(symbol, symbol)
  for (const name of names) if (!NAMES.has(name)) NAMES.set(name, symbol)
}

const pairs = (table: string) => table.split('|').map((line) => line.split(':') as [string, string])

/** Symbols with a prefix, in small letters. */
const prefixed = new Set<string>()

for (const [symbol, names] of pairs(OTHERS)) addUnit(symbol, names.split(','))
for (const [symbol, names] of pairs(METRIC)) {
  const plurals = names.split(',').flatMap((name) => (UNCHANGED.has(name) ? [name] : [name, name === 'henry' ? 'henries' : `${name}s`]))
  addUnit(symbol, plurals)
  for (const [sign, prefix] of pairs(PREFIXES)) {
    const typed = sign === 'μ' ? [`u${symbol}`] : []
    if (!SYMBOLS.has(sign + symbol)) addUnit(sign + symbol, [...plurals.map((name) => prefix + name), ...typed])
    for (const one of [sign + symbol, ...typed]) prefixed.add(one.toLowerCase())
  }
}

const folded = new Map<string, number>()
for (const symbol of SYMBOLS) folded.set(symbol.toLowerCase(), (folded.get(symbol.toLowerCase()) ?? 0) + 1)

/** The one name of a unit; null for a word that is none. Symbols count as they are written, names of four letters and more in any letter case. */
export function unitName(word: string): string | null {
  return NAMES.get(word) ?? (word.length >= 4 && !isCased(word) ? (NAMES.get(word.toLowerCase()) ?? null) : null)
}

/** Whether a word is the symbol of a unit, were it not for letter case, and letter case tells it from other units or words: Pa, mmol, MW. */
export function isCased(word: string): boolean {
  const lower = word.toLowerCase()
  const count = folded.get(lower) ?? 0
  return prefixed.has(lower) || count > 1 || (count === 1 && !SYMBOLS.has(lower))
}

/** Names that may be either of two units: £5 are five pounds, and so are 5 lb. */
const EITHER = new Set(['pound lb', 'lb pound', 'pound £', '£ pound', '¥ yen', 'yen ¥', '¥ yuan', 'yuan ¥'])

/** Whether two units in their one spelling are the same. */
export function sameUnit(a: string, b: string): boolean {
  return a === b || EITHER.has(`${a} ${b}`)
}
