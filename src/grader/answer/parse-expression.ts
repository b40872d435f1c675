/**
 * @file Recursive descent over the tokens of an arithmetic expression. Refuses what people read in two ways: 1/2x, x2, 2 3.
 */
import type { ExpressionNode } from './answer-node.ts'
import type { Token } from './answer-tokens.ts'
import { opensArguments } from './function-letters.ts'
import { ONE, formatRational } from '../exact/rational.ts'
import type { TokenCursor } from './token-cursor.ts'

type Maybe = ExpressionNode | null

/** A sum of products, as far as it goes. */
export function parseSum(cursor: TokenCursor): Maybe {
  return cursor.deeper(() => {
    const first = parseProduct(cursor)
    if (first === null) return null
    const items = [first]
    while (cursor.sees('+', '-', '±', '∓')) {
      const sign = cursor.next()?.text
      const item = parseProduct(cursor)
      if (item === null) return null
      items.push(sign === '-' || sign === '±' || sign === '∓' ? { type: 'signed', sign, of: item } : item)
    }
    return items.length === 1 ? first : { type: 'sum', items }
  })
}

function parseProduct(cursor: TokenCursor): Maybe {
  const first = parseSigned(cursor)
  if (first === null) return null
  let items = [first]
  let divided = false
  for (;;) {
    const explicit = cursor.take('*')
    if (!explicit && cursor.take('/')) {
      const under = parseSigned(cursor)
      if (under === null) return null
      items = [{ type: 'quotient', over: productOf(items), under }]
      divided = true
      continue
    }
    if (!explicit && !startsFactor(cursor.peek())) return productOf(items)
    // 1/2x may be a half of x or one over 2x.
    if (!explicit && divided) return null
    const factor = explicit ? parseSigned(cursor) : parsePower(cursor)
    if (factor === null) return null
    items.push(factor)
  }
}

function parseSigned(cursor: TokenCursor): Maybe {
  if (!cursor.sees('-', '+', '±', '∓')) return parsePower(cursor)
  const sign = cursor.next()?.text
  return cursor.deeper(() => {
    const of = parseSigned(cursor)
    if (of === null || sign === '+') return of
    return { type: 'signed', sign: sign as '-' | '±' | '∓', of }
  })
}

function parsePower(cursor: TokenCursor): Maybe {
  return cursor.deeper(() => {
    let base = parsePrimary(cursor)
    while (base !== null && cursor.take('!')) base = { type: 'factorial', of: base }
    if (base === null || !cursor.take('^')) return base
    const exponent = cursor.sees('{') ? parseBraces(cursor) : parseSigned(cursor)
    if (exponent === null) return null
    return base.type === 'symbol' && opensArguments(cursor, base.name)
      ? parseIterate(cursor, base.name, exponent)
      : { type: 'power', base, exponent }
  })
}

/** f^2(x) and f^{-1}(x): functions of their own. */
function parseIterate(cursor: TokenCursor, name: string, exponent: ExpressionNode): Maybe {
  const [times, sign] = exponent.type === 'signed' && exponent.sign === '-' ? [exponent.of, '-'] : [exponent, '']
  const items = times.type === 'number' || times.type === 'symbol' ? parseCallArguments(cursor) : null
  if (items === null) return null
  return { type: 'call', name: `${name}^${sign}${times.type === 'number' ? formatRational(times.value) : 'n'}`, items }
}

function parsePrimary(cursor: TokenCursor): Maybe {
  const token = cursor.peek()
  if (token === undefined) return null
  if (token.kind === 'number') return parseNumber(cursor)
  if (token.kind === 'function') return parseFunction(cursor)
  if (token.kind === 'symbol' || token.text === '∞') {
    cursor.next()
    // f[2] is an application, an element or a product.
    if (cursor.sees('[') && cursor.peek()?.spaced === false && token.kind === 'symbol' && token.text !== 'U') return null
    if (!opensArguments(cursor, token.text)) return { type: 'symbol', name: token.text }
    const items = parseCallArguments(cursor)
    return items === null ? null : { type: 'call', name: token.text, items }
  }
  if (token.kind === 'mark') return parseGroup(cursor, token.text)
  if (token.kind !== 'command') return null
  cursor.next()
  if (token.text === 'frac') return parseFraction(cursor)
  if (token.text !== 'binom' && token.text !== 'dbinom' && token.text !== 'tbinom') return null
  const [from, choose] = [parseBraces(cursor), parseBraces(cursor)]
  return from === null || choose === null ? null : { type: 'binomial', from, choose }
}

function parseGroup(cursor: TokenCursor, open: string): Maybe {
  if (open === '{') return parseBraces(cursor)
  const close = { '(': ')', '[': ']', '|': '|' }[open]
  if (close === undefined) return null
  cursor.next()
  const inner = parseSum(cursor)
  if (inner === null || !cursor.take(close)) return null
  return open === '|' ? { type: 'call', name: 'abs', items: [inner] } : inner
}

function parseBraces(cursor: TokenCursor): Maybe {
  if (!cursor.take('{')) return null
  const inner = parseSum(cursor)
  return inner !== null && cursor.take('}') ? inner : null
}

/** A number, or a mixed number: 2 1/2, 2\frac{1}{2}. */
function parseNumber(cursor: TokenCursor): Maybe {
  const token = cursor.next() as Token
  const value = token.value ?? ONE
  const number: ExpressionNode = { type: 'number', value }
  const spacedGroups = token.text.includes(' ')
  // 0.1(6) is a product, a repeating decimal or a measurement; 1 234/567 a mixed number or a fraction: nobody can say.
  if (token.text.includes('.') && cursor.sees('(') && cursor.peek()?.spaced === false && cursor.peek(2)?.text === ')') return null
  if (spacedGroups && cursor.sees('/', 'frac')) return null
  if (cursor.sees('frac')) {
    cursor.next()
    const part = parseFraction(cursor)
    if (part?.type !== 'quotient' || part.over.type !== 'number' || part.under.type !== 'number') {
      return part === null ? null : { type: 'product', items: [number, part] }
    }
    return mixed(token, part)
  }
  if (cursor.peek()?.kind !== 'number') return number
  const [over, bar, under] = [cursor.next(), cursor.next(), cursor.next()]
  if (over?.value == null || bar?.text !== '/' || under?.value == null || cursor.sees('/', '^') || !over.spaced) return null
  if (startsFactor(cursor.peek()) || over.text.includes(' ')) return null
  return mixed(token, { type: 'quotient', over: { type: 'number', value: over.value }, under: { type: 'number', value: under.value } })
}

function mixed(whole: Token, part: ExpressionNode & { readonly type: 'quotient' }): Maybe {
  const { over, under } = part
  if (over.type !== 'number' || under.type !== 'number' || whole.value?.bottom !== 1n || /[.eE]/.test(whole.text)) return null
  const proper = over.value.bottom === 1n && under.value.bottom === 1n && over.value.top > 0n && over.value.top < under.value.top
  return proper ? { type: 'mixed', whole: whole.value, part } : null
}

/** What follows \frac: {1}{20}, 1{20}, 12. */
function parseFraction(cursor: TokenCursor): Maybe {
  const token = cursor.peek()
  if (token?.kind === 'number' && /^\d\d$/.test(token.text)) {
    cursor.next()
    const [over, under] = Array.from(token.text, (digit) => ({ type: 'number', value: { top: BigInt(digit), bottom: 1n } }) as const)
    return over === undefined || under === undefined || cursor.sees('{') ? null : { type: 'quotient', over, under }
  }
  const over = parseArgument(cursor)
  const under = over === null ? null : parseArgument(cursor)
  return over === null || under === null ? null : { type: 'quotient', over, under }
}

function parseArgument(cursor: TokenCursor): Maybe {
  if (cursor.sees('{')) return parseBraces(cursor)
  const token = cursor.next()
  if (token?.kind === 'symbol') return { type: 'symbol', name: token.text }
  return token?.value != null && /^\d$/.test(token.text) ? { type: 'number', value: token.value } : null
}

const ANGLES = new Set(['sin', 'cos', 'tan', 'cot', 'sec', 'csc'])
const RADIANS_OF_DEGREE: readonly ExpressionNode[] = [
  { type: 'number', value: { top: 1n, bottom: 180n } },
  { type: 'symbol', name: 'pi' },
]

/** An argument in degrees as one in radians. */
function withDegrees(cursor: TokenCursor, angle: ExpressionNode): ExpressionNode {
  const word = cursor.peek()
  const degrees = word?.kind === 'word' && (word.text === 'degrees' || word.text === 'deg')
  if (!degrees && !cursor.sees('°')) return angle
  cursor.next()
  return { type: 'product', items: [angle, ...RADIANS_OF_DEGREE] }
}

function parseFunction(cursor: TokenCursor): Maybe {
  const name = cursor.next()?.text ?? ''
  if (name === 'sqrt') return parseRoot(cursor)
  let base: Maybe = null
  if (cursor.take('_')) {
    base = cursor.peek()?.kind === 'number' ? parseBare(cursor) : parseArgument(cursor)
    if (base === null) return null
  }
  let exponent: Maybe = null
  if (cursor.take('^')) {
    exponent = parseArgument(cursor)
    // sin^-1 is the inverse or the reciprocal.
    if (exponent?.type !== 'number') return null
  }
  const items = parseCallArguments(cursor, ANGLES.has(name))
  if (items === null || (base !== null && (name !== 'log' || items.length !== 1))) return null
  const call: ExpressionNode = base === null ? { type: 'call', name, items } : { type: 'call', name: 'log_', items: [base, ...items] }
  return exponent === null ? call : { type: 'power', base: call, exponent }
}

function parseRoot(cursor: TokenCursor): Maybe {
  let degree = 2
  if (cursor.take('[')) {
    const token = cursor.next()
    if (token?.value?.bottom !== 1n || !cursor.take(']')) return null
    degree = Number(token.value.top)
  }
  const next = cursor.peek()
  // LaTeX sets \sqrt23 as the root of 2, times 3; who wrote it may have meant the root of 23.
  if (next?.kind === 'number' && !next.spaced && next.text.length > 1 && cursor.text.startsWith('\\sqrt', next.start - 5)) return null
  const bare = next?.kind === 'number' || next?.kind === 'symbol'
  const of = bare ? parseBare(cursor) : cursor.deeper(() => parsePrimary(cursor))
  // √2x and √2^2 have two readings where nothing brackets the 2.
  if (of === null || (bare && (startsFactor(cursor.peek()) || cursor.sees('^')))) return null
  return { type: 'root', degree, of }
}

function parseBare(cursor: TokenCursor): Maybe {
  const token = cursor.next()
  if (token?.kind === 'symbol') return { type: 'symbol', name: token.text }
  return token?.value == null ? null : { type: 'number', value: token.value }
}

/** Bracketed arguments, or a number and symbols: sin(x), sin 2x, sin 30°. */
function parseCallArguments(cursor: TokenCursor, angle = false): readonly ExpressionNode[] | null {
  const close = cursor.sees('(') ? ')' : cursor.sees('{') ? '}' : null
  if (close === null) return parseOpenArgument(cursor, angle)
  cursor.next()
  const items: ExpressionNode[] = []
  for (;;) {
    const item = parseSum(cursor)
    if (item === null) return null
    items.push(angle ? withDegrees(cursor, item) : item)
    if (cursor.take(close)) return cursor.sees('^') ? null : items
    if (!cursor.take(',')) return null
  }
}

function parseOpenArgument(cursor: TokenCursor, angle: boolean): readonly ExpressionNode[] | null {
  const typeset = cursor.sees('frac') || (cursor.peek()?.kind === 'function' && cursor.peek()?.text === 'sqrt')
  const argument = typeset ? parsePrimary(cursor) : parseNumberAndSymbols(cursor)
  if (argument === null || (typeset && startsFactor(cursor.peek())) || cursor.sees('(', '/', '^', '!', 'frac')) return null
  return [angle ? withDegrees(cursor, argument) : argument]
}

function parseNumberAndSymbols(cursor: TokenCursor): Maybe {
  const items: ExpressionNode[] = []
  while (cursor.peek()?.kind === 'symbol' || (items.length === 0 && cursor.peek()?.kind === 'number')) {
    const item = cursor.peek()?.kind === 'number' ? parseNumber(cursor) : parsePower(cursor)
    if (item === null) return null
    items.push(item)
  }
  return items.length === 0 ? null : productOf(items)
}

function startsFactor(token: Token | undefined): boolean {
  if (token === undefined) return false
  if (token.kind === 'symbol' || token.kind === 'function') return true
  if (token.kind === 'command') return ['frac', 'binom', 'dbinom', 'tbinom'].includes(token.text)
  return token.kind === 'mark' && ['(', '∞', '{', '['].includes(token.text)
}

function productOf(items: readonly ExpressionNode[]): ExpressionNode {
  const [first] = items
  return items.length === 1 && first !== undefined ? first : { type: 'product', items }
}
