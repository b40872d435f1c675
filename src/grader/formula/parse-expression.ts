/**
 * @file Reads arithmetic. A Pratt parser: each operator has a binding power, and an operand takes every operator that binds tighter than what
 * stands before it. Text is never evaluated as code; its length and nesting are bounded.
 * Source: Vaughan Pratt, Top down operator precedence, POPL 1973.
 */
import { quoteUntrusted } from '../../base/untrusted-text.ts'
import { FormulaParseError } from './errors.ts'
import type { Expression, FunctionName, Operator } from './expression.ts'

const MAX_LENGTH = 2000
const MAX_DEPTH = 50
/** `^` binds tighter than a minus before its base, and takes its right side first: -2^2 is -4, 2^3^2 is 512. */
const BINDING: Readonly<Record<Operator, { readonly left: number; readonly right: number }>> = {
  '+': { left: 1, right: 2 },
  '-': { left: 1, right: 2 },
  '*': { left: 3, right: 4 },
  '/': { left: 3, right: 4 },
  '^': { left: 8, right: 7 },
}
const MINUS_BINDING = 6
const ONE_OPERAND: readonly string[] = ['abs', 'floor', 'ceil', 'exp', 'sqrt', 'log']
const MANY_OPERANDS: readonly string[] = ['min', 'max']
const TOKEN = /\s*(?:(?<number>(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)|(?<name>[A-Za-z_]\w*)|(?<sign>[-+*/^(),])|(?<end>$))/y

interface Token {
  readonly kind: 'number' | 'name' | 'sign' | 'end'
  readonly text: string
  readonly at: number
}

interface Reader {
  readonly tokens: readonly Token[]
  next: number
  depth: number
  readonly fail: (token: { readonly at: number }, text: string) => never
}

/**
 * The expression that `source` is. `where` names its owner in messages.
 * @throws FormulaParseError
 */
export function parseExpression(source: string, where: string): Expression {
  const fail = (token: { readonly at: number }, text: string): never => {
    throw new FormulaParseError({ where, source, at: token.at + 1, text })
  }
  if (source.length > MAX_LENGTH) fail({ at: MAX_LENGTH }, `it is longer than ${MAX_LENGTH} characters`)
  const reader: Reader = { tokens: readTokens(source, fail), next: 0, depth: 0, fail }
  const expression = readOperand(reader, 0)
  const rest = peek(reader)
  return rest.kind === 'end' ? expression : fail(rest, `${described(rest)} stands where an operator or the end should`)
}

function readTokens(source: string, fail: Reader['fail']): readonly Token[] {
  const tokens: Token[] = []
  const pattern = new RegExp(TOKEN)
  for (;;) {
    const start = pattern.lastIndex
    const groups = pattern.exec(source)?.groups
    if (groups === undefined) return fail({ at: firstInk(source, start) }, `${quoteUntrusted(inkAt(source, start))} means nothing here`)
    const [kind, text] = Object.entries(groups).find(([, value]) => value !== undefined) as [Token['kind'], string]
    tokens.push({ kind, text, at: pattern.lastIndex - text.length })
    if (kind === 'end') return tokens
  }
}

function firstInk(source: string, from: number): number {
  return from + (source.length - from - source.slice(from).trimStart().length)
}

function inkAt(source: string, from: number): string {
  return String.fromCodePoint(source.codePointAt(firstInk(source, from)) ?? 32)
}

/** An operand and every operator after it that binds at least as tight as `binding`. */
function readOperand(reader: Reader, binding: number): Expression {
  reader.depth += 1
  if (reader.depth > MAX_DEPTH) reader.fail(peek(reader), `it is nested deeper than ${MAX_DEPTH} levels`)
  let left = readPrefix(reader)
  for (;;) {
    const operator = operatorAt(peek(reader))
    if (operator === null || BINDING[operator].left < binding) break
    reader.next += 1
    left = { kind: 'binary', operator, left, right: readOperand(reader, BINDING[operator].right) }
  }
  reader.depth -= 1
  return left
}

function readPrefix(reader: Reader): Expression {
  const token = peek(reader)
  reader.next += 1
  if (token.kind === 'number') return readNumber(reader, token)
  if (token.kind === 'name') return peek(reader).text === '(' ? readCall(reader, token) : { kind: 'name', name: token.text, at: token.at }
  if (token.text === '-') return { kind: 'negative', operand: readOperand(reader, MINUS_BINDING) }
  if (token.text !== '(') return reader.fail(token, `${described(token)} stands where a value should`)
  const inner = readOperand(reader, 0)
  expectSign(reader, ')')
  return inner
}

function readNumber(reader: Reader, token: Token): Expression {
  const value = Number(token.text)
  return Number.isFinite(value) ? { kind: 'number', value } : reader.fail(token, `${described(token)} is too large`)
}

function readCall(reader: Reader, token: Token): Expression {
  const many = MANY_OPERANDS.includes(token.text)
  if (!many && !ONE_OPERAND.includes(token.text)) reader.fail(token, `there is no function ${quoteUntrusted(token.text)}`)
  expectSign(reader, '(')
  const operands = [readOperand(reader, 0)]
  while (peek(reader).text === ',') {
    if (!many) reader.fail(peek(reader), `${token.text} takes one value`)
    reader.next += 1
    operands.push(readOperand(reader, 0))
  }
  expectSign(reader, ')')
  return { kind: 'call', name: token.text as FunctionName, operands }
}

function expectSign(reader: Reader, sign: string): void {
  const token = peek(reader)
  if (token.text !== sign) reader.fail(token, `${described(token)} stands where "${sign}" should`)
  reader.next += 1
}

/** The end stays the last token however often it is read. */
function peek(reader: Reader): Token {
  return reader.tokens[Math.min(reader.next, reader.tokens.length - 1)] as Token
}

function operatorAt(token: Token): Operator | null {
  return token.kind === 'sign' && Object.hasOwn(BINDING, token.text) ? (token.text as Operator) : null
}

function described(token: Token): string {
  return token.kind === 'end' ? 'the end' : quoteUntrusted(token.text)
}
