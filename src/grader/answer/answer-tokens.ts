/**
 * @file Splits a plain answer into tokens: numbers, symbols, functions, words and marks. Refuses what has more than one reading:
 * 007, and letters that are neither a word nor a product of variables.
 */
import { commasGroup } from './comma-groups.ts'
import { rationalOfDecimal } from '../exact/rational.ts'
import type { Rational } from '../exact/rational.ts'
import { repeatingDecimalAt } from './repeating-decimal.ts'

/** One token; `value` for numbers only. `spaced` tells that white space stands before it. */
export interface Token {
  readonly kind: 'number' | 'symbol' | 'function' | 'command' | 'word' | 'mark'
  readonly text: string
  readonly value: Rational | null
  readonly spaced: boolean
  readonly start: number
  readonly end: number
}

/** Names that are units after a number. */
export type UnitNames = Pick<ReadonlySet<string>, 'has'>

const MAX_TOKENS = 600
const MARKS = new Set(Array.from('-+*/^()[]{},;=<>≤≥≠|!±∓∪∩∈∞⦃⦄&%$€£¥₹₩₽¢°"#_'))
// Thousands in groups of three, separated all alike; then a fraction; then an exponent.
const numberPattern = (groups: string) =>
  new RegExp(String.raw`(?:(?:\d{1,3}(?:${groups})(?!\d)|\d+)(?:\.\d+)?|\.\d+)(?:[eE][-+]?\d{1,5}(?![\d.]))?`, 'y')
const SPACED_GROUPS = String.raw`(?:\{,\}\d{3})+|(?: \d{3})+`
const OUTSIDE = numberPattern(String.raw`(?:,\d{3})+|${SPACED_GROUPS}`)
/** Within brackets a comma always separates, as it does where not all of them group thousands: (1,234) is a pair. */
const INSIDE = numberPattern(SPACED_GROUPS)
/** The base of a logarithm: log_2 128 is no log of base 2128. */
const SUBSCRIPT_DIGITS = /\d+/y
/** What stands behind a unit and never behind the name of a function. */
const UNIT_ENDS = /^ ?(?:$|[,;)\]⦄=<>≤≥≠+|/]|and |or )/
const COMMAND = /[a-zA-Z]+|\\/y
const LETTERS = /\p{L}+(?:'\p{L}+)?/uy
const SUBSCRIPT = /_(?:\{[^{}]*\}|[a-zA-Z\d])/y

const FUNCTIONS = new Set([
  ...['sin', 'cos', 'tan', 'cot', 'sec', 'csc', 'arcsin', 'arccos', 'arctan', 'sinh', 'cosh', 'tanh'],
  ...['log', 'ln', 'exp', 'sqrt', 'lg', 'gcd', 'lcm', 'min', 'max', 'det'],
])
const SYMBOLS: Readonly<Record<string, string>> = { pi: 'pi', Pi: 'pi', inf: '∞', infinity: '∞', Infinity: '∞', oo: '∞' }
const GREEK =
  'alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi pi rho sigma tau phi varphi chi psi omega ' +
  'Gamma Delta Theta Lambda Sigma Phi Psi Omega ell hbar'
const COMMAND_SYMBOLS = new Set(GREEK.split(' '))
/** Letter pairs and triples that are products of variables beside other mathematics. */
const PRODUCT = /^(?:[abc]{2,3}|[xyzt]{2,3}|[abckn][xyzt]{1,2}|[pqr]{2,3}|[uvw]{2,3}|[mn]{2}|[rt]{2})$/
const WORDS = new Set(['at', 'by', 'cab', 'nt', 'ax', 'ay', 'cz'])

/** The tokens of a text; null for what is no mathematics. `units` are names that are read as units after a number. */
export function answerTokens(text: string, units: UnitNames): readonly Token[] | null {
  const tokens: Token[] = []
  const grouped = commasGroup(text)
  let depth = 0
  for (let at = 0; at < text.length;) {
    const spaced = text[at] === ' '
    const start = spaced ? at + 1 : at
    const before = tokens.length
    if (before > MAX_TOKENS || !readToken(text, { start, spaced, groups: grouped && depth === 0, units, tokens })) return null
    const last = tokens.at(-1)
    if (last === undefined || tokens.length === before) return null
    if (last.kind === 'mark') depth += depthChange(last.text)
    at = last.end
  }
  return tokens.length === 0 ? null : tokens
}

interface TokenStart {
  readonly start: number
  readonly spaced: boolean
  /** Whether commas group thousands here. */
  readonly groups: boolean
  readonly units: UnitNames
  readonly tokens: Token[]
}

/** Adds the token that starts at `start`, or several for a product of letters; false where none does. */
function readToken(text: string, from: TokenStart): boolean {
  const { start, spaced, tokens } = from
  const character = text[start] ?? ''
  if (MARKS.has(character)) {
    tokens.push({ kind: 'mark', text: character, value: null, spaced, start, end: start + 1 })
    return true
  }
  if (character === '.' || (character >= '0' && character <= '9')) return readNumber(text, from)
  if (character === '\\') {
    const command = matchAt(COMMAND, text, start + 1)
    if (command !== null) tokens.push(commandToken(command, { value: null, spaced, start, end: start + 1 + command.length }))
    return command !== null
  }
  const letters = matchAt(LETTERS, text, start)
  if (letters === null) return false
  const subscript = FUNCTIONS.has(letters) ? '' : (matchAt(SUBSCRIPT, text, start + letters.length) ?? '')
  const where = { value: null, spaced, start, end: start + letters.length + subscript.length }
  const isUnit = (letters === 'min' || letters === 'sec') && UNIT_ENDS.test(text.slice(where.end, where.end + 5))
  tokens.push(...letterTokens(letters, subscript, { ...where, units: from.units, previous: tokens.at(-1), isUnit }))
  return true
}

function readNumber(text: string, { start, spaced, groups, tokens }: TokenStart): boolean {
  const repeating = repeatingDecimalAt(text, start)
  if (repeating !== null) {
    tokens.push({ kind: 'number', ...repeating, spaced, start, end: start + repeating.text.length })
    return true
  }
  const last = tokens.at(-1)
  const subscript = last?.text === '_' && last.kind === 'mark'
  const found = matchAt(subscript ? SUBSCRIPT_DIGITS : groups ? OUTSIDE : INSIDE, text, start)
  // A leading zero marks a code, a telephone number or a part of a date.
  if (found === null || /^0\d/.test(found)) return false
  const value = rationalOfDecimal(/[, {}]/.test(found) ? found.replace(/[, {}]/g, '') : found)
  if (value !== null) tokens.push({ kind: 'number', text: found, value, spaced, start, end: start + found.length })
  return value !== null
}

function matchAt(pattern: RegExp, text: string, at: number): string | null {
  pattern.lastIndex = at
  return pattern.exec(text)?.[0] ?? null
}

function depthChange(mark: string): number {
  if ('([{⦃'.includes(mark)) return 1
  return ')]}⦄'.includes(mark) ? -1 : 0
}

type Where = Pick<Token, 'spaced' | 'start' | 'end' | 'value'>

function commandToken(command: string, where: Where): Token {
  if (FUNCTIONS.has(command)) return { ...where, kind: 'function', text: command }
  if (COMMAND_SYMBOLS.has(command)) return { ...where, kind: 'symbol', text: command }
  return { ...where, kind: 'command', text: command }
}

interface LetterStart {
  readonly units: UnitNames
  readonly previous: Token | undefined
  /** Whether the name of a function is that of a unit here: 15 min, 3 sec. */
  readonly isUnit: boolean
}

function letterTokens(letters: string, subscript: string, { units, previous, isUnit, ...where }: Where & LetterStart): readonly Token[] {
  const word = (text: string): readonly Token[] => [{ ...where, kind: 'word', text }]
  const symbol = (text: string): readonly Token[] => [{ ...where, kind: 'symbol', text }]
  const afterAmount = previous?.kind === 'number' || (previous?.kind === 'mark' && ')}'.includes(previous.text))
  if (afterAmount && (units.has(letters) || (isUnit && subscript === ''))) return word(letters + subscript)
  if (FUNCTIONS.has(letters)) return [{ ...where, kind: 'function', text: letters }]
  const known = Object.hasOwn(SYMBOLS, letters) ? SYMBOLS[letters] : undefined
  if (known !== undefined && subscript === '') return symbol(known)
  if (letters.length === 1) return symbol(letters + subscript.replace(/[{} ]/g, ''))
  if (subscript !== '' || !PRODUCT.test(letters) || WORDS.has(letters)) return word(letters + subscript)
  return Array.from(letters, (text, index) => ({ ...where, kind: 'symbol', text, spaced: index === 0 && where.spaced }))
}
