/**
 * @file Parses a whole answer: numbers with units, lists, tuples, intervals, sets, unions, matrices, equations and inequalities.
 */
import type { AnswerNode, ExpressionNode } from './answer-node.ts'
import { answerTokens } from './answer-tokens.ts'
import type { Token, UnitNames } from './answer-tokens.ts'
import { fixedMeaning } from './fixed-phrases.ts'
import { parseSum } from './parse-expression.ts'
import { parseMatrix, seesMatrix } from './parse-matrix.ts'
import { multiply } from '../exact/rational.ts'
import { TokenCursor } from './token-cursor.ts'
import { isCurrency, isCurrencyCode, unitText } from './unit-text.ts'

type Maybe = AnswerNode | null

const NO_UNITS: UnitNames = new Set()

const RELATIONS = ['=', '<', '>', '≤', '≥', '≠', '∈']
/** Where a unit ends. */
const AFTER_UNIT = new Set([...Array.from(',;)]⦄=<>≤≥≠∪∩&+*|'), '\\', 'end'])
// Dates, telephone numbers, versions, addresses, scores and ranges look like arithmetic and are none.
// So does a list of numbers without commas: 5 -3.
const CODE = /^\+?\d+(?:[-/.:–]\d+){2,}$|^\d+ ?[-–:] ?\d+$|^[-+]?[\d.]+(?: [-+][\d.]+)+$/

/** Two or three letters by themselves are a word, unless they are the usual names of unknowns; letters with spaces are a list of choices. */
const LONE_LETTERS = /^(?!(?:[xyz]+|pi|oo|inf)$)[a-z]{2,3}$|^[a-zA-Z](?: [a-zA-Z])+$/

/** {x | x > 2} and {x ∈ R : x > 2}: as much as the condition says of x. */
const SET_BUILDER =
  /^[⦃{] ?(?<name>[a-z]) ?(?:∈ ?(?:\\mathbb ?\{? ?R ?\}?|R) ?)?[|:] ?(?<condition>(?=[^⦃⦄{}]*\b\k<name>\b)[^⦃⦄|:]*[<>≤≥≠][^⦃⦄|:]*)[⦄}]$/

/** The parsed answer; null for anything that is not read as mathematics. `text` is plain, `units` as in `answerTokens`. */
export function parseAnswer(text: string, units: UnitNames): Maybe {
  if (CODE.test(text) || LONE_LETTERS.test(text)) return null
  if (fixedMeaning(text) === 'all real numbers') return REALS
  const inner = SET_BUILDER.exec(text)?.groups?.['condition'] ?? text
  const tokens = answerTokens(inner, units)
  if (tokens === null) return null
  const cursor = new TokenCursor(inner, tokens)
  const answer = parseMembers(cursor, { open: '', close: '' })
  return cursor.done ? answer : null
}

/** Members separated by commas, "and" or "or", up to the end or a closing bracket, which is left there. */
function parseMembers(cursor: TokenCursor, { open, close }: { readonly open: string; readonly close: string }): Maybe {
  const items: AnswerNode[] = []
  const joints = new Set<string>()
  for (;;) {
    const item = cursor.deeper(() => parseRelation(cursor))
    if (item === null) return null
    items.push(item)
    const joint = parseJoint(cursor)
    if (joint === null) break
    joints.add(joint)
  }
  if (open === '' && items.length === 1) return items[0] ?? null
  if (open === '⦃' || open === '{') return joints.has('or') ? null : { type: 'collection', kind: 'set', items }
  if (joints.has('or')) return open === '' ? { type: 'collection', kind: 'set', items } : null
  return { type: 'sequence', open, close, items }
}

function parseJoint(cursor: TokenCursor): string | null {
  const comma = cursor.take(',') || cursor.take(';')
  const word = cursor.peek()
  if (word?.kind === 'word' && (word.text === 'and' || word.text === 'or')) {
    cursor.next()
    return word.text
  }
  return comma ? ',' : null
}

function parseRelation(cursor: TokenCursor): Maybe {
  const first = parseUnion(cursor)
  if (first === null || !cursor.sees(...RELATIONS)) return first
  const [items, operators] = [[first], [] as string[]]
  while (cursor.sees(...RELATIONS)) {
    operators.push(cursor.next()?.text ?? '')
    const item = parseUnion(cursor)
    if (item === null) return null
    items.push(item)
  }
  return { type: 'relation', operators, items }
}

function parseUnion(cursor: TokenCursor): Maybe {
  const first = parseItem(cursor)
  if (first === null || !seesUnion(cursor)) return first
  const items = [first]
  while (seesUnion(cursor)) {
    cursor.next()
    const item = parseItem(cursor)
    if (item === null) return null
    items.push(item)
  }
  return { type: 'collection', kind: 'union', items }
}

/** ∪, or a U between intervals. */
function seesUnion(cursor: TokenCursor): boolean {
  const [next, after] = [cursor.peek(), cursor.peek(1)]
  return cursor.sees('∪') || (next?.kind === 'symbol' && next.text === 'U' && (after?.text === '(' || after?.text === '['))
}

function parseItem(cursor: TokenCursor): Maybe {
  if (cursor.sees('mathbb')) return parseReals(cursor)
  if (cursor.take('emptyset')) return { type: 'collection', kind: 'set', items: [] }
  if (seesMatrix(cursor)) return parseMatrix(cursor)
  const bracket = opensStructure(cursor) ? cursor.bracket() : undefined
  if (bracket === undefined) return parseQuantity(cursor)
  const open = cursor.next()?.text ?? ''
  const close = cursor.at(bracket.close)?.text ?? ''
  if (!isPair(open, close)) return null
  if (cursor.take(close)) return open === '⦃' || open === '{' ? { type: 'collection', kind: 'set', items: [] } : null
  const members = parseMembers(cursor, { open, close })
  return members !== null && cursor.take(close) ? members : null
}

const INFINITE: ExpressionNode = { type: 'symbol', name: '∞' }
const REALS: AnswerNode = { type: 'sequence', open: '(', close: ')', items: [{ type: 'signed', sign: '-', of: INFINITE }, INFINITE] }

/** \mathbb{R}, and no other set of that kind. */
function parseReals(cursor: TokenCursor): Maybe {
  cursor.next()
  const braced = cursor.take('{')
  const name = cursor.next()
  return name?.text === 'R' && (!braced || cursor.take('}')) ? REALS : null
}

function isPair(open: string, close: string): boolean {
  return open === '⦃' ? close === '⦄' : open === '{' ? close === '}' : close === ')' || close === ']'
}

/** Whether the next bracket holds members, and is no grouping of arithmetic. */
function opensStructure(cursor: TokenCursor): boolean {
  const [next, bracket] = [cursor.peek(), cursor.bracket()]
  if (next === undefined || bracket === undefined) return false
  const close = cursor.at(bracket.close)?.text
  const after = cursor.at(bracket.close + 1)
  const ends = after === undefined || after.text === '}' || AFTER_UNIT.has(after.text) || after.kind === 'word' || after.text === 'U'
  if (next.text === '⦃') return true
  if (next.text === '(') return bracket.separated || close === ']'
  return (
    (next.text === '[' || next.text === '{') && (bracket.separated || close === ')' || (ends && after?.text !== '*' && after?.text !== '+'))
  )
}

/** An expression, with a currency before it or a unit after it. */
function parseQuantity(cursor: TokenCursor): Maybe {
  const negative = cursor.sees('-') && isCurrency(cursor.peek(1))
  if (negative) cursor.next()
  const before = isCurrency(cursor.peek()) || isCurrencyCode(cursor.peek()) ? unitText(cursor.next()?.text ?? '') : null
  const inner = withMagnitude(cursor, parseSum(cursor))
  if (inner === null) return null
  const amount = negative ? ({ type: 'signed', sign: '-', of: inner } as const) : inner
  if (!startsUnit(cursor.peek())) return before === null ? amount : { type: 'quantity', amount, unit: before, symbolic: null }
  const unit = parseUnit(cursor)
  // $5 and "$5 dollars", but no "$5 km".
  if (unit === null || (before !== null && unit !== before)) return null
  return { type: 'quantity', amount, unit, symbolic: symbolicQuantity(amount, unit) }
}

const MAGNITUDES: Readonly<Record<string, bigint>> = {
  thousand: 1_000n,
  million: 1_000_000n,
  billion: 1_000_000_000n,
  trillion: 1_000_000_000_000n,
}

/** 1.5 million is 1500000. */
function withMagnitude(cursor: TokenCursor, number: ExpressionNode | null): ExpressionNode | null {
  const word = cursor.peek()
  const name = word?.kind === 'word' ? word.text.toLowerCase() : ''
  if (number?.type !== 'number' || !Object.hasOwn(MAGNITUDES, name)) return number
  const value = multiply(number.value, { top: MAGNITUDES[name] ?? 1n, bottom: 1n })
  cursor.next()
  return value === null ? null : { type: 'number', value }
}

const LETTER_UNIT = /^[a-zA-Z](?:\^-?\d+)?(?:[/*][a-zA-Z](?:\^-?\d+)?)*$/

function symbolicQuantity(amount: ExpressionNode, unit: string): ExpressionNode | null {
  const tokens = LETTER_UNIT.test(unit) ? answerTokens(unit, NO_UNITS) : null
  const parsed = tokens === null ? null : parseSum(new TokenCursor(unit, tokens))
  return parsed === null ? null : { type: 'product', items: [amount, parsed] }
}

function startsUnit(token: Token | undefined): boolean {
  if (token?.kind === 'word') return token.text !== 'and' && token.text !== 'or'
  return token?.text === '%' || token?.text === '°' || isCurrency(token)
}

function parseUnit(cursor: TokenCursor): string | null {
  const [first, parts] = [cursor.peek(), [] as Token[]]
  for (let token = first; token !== undefined; token = cursor.peek()) {
    if (AFTER_UNIT.has(token.text) || (token.kind === 'word' && !startsUnit(token))) break
    const before = parts.at(-1)?.text
    const inExponent = before === '^' || before === '{' || (before === '-' && ['^', '{'].includes(parts.at(-2)?.text ?? ''))
    if (token.kind === 'command' || (token.kind === 'number' && !inExponent)) return null
    parts.push(token)
    cursor.next()
  }
  return first === undefined ? null : unitText(cursor.text.slice(first.start, parts.at(-1)?.end))
}
