/**
 * @file Parses matrices in any of LaTeX's environments and brackets: pmatrix, bmatrix, smallmatrix, array in round or square brackets. Bars are determinants and no matrices.
 */
import type { AnswerNode, ExpressionNode } from './answer-node.ts'
import { parseSum } from './parse-expression.ts'
import type { TokenCursor } from './token-cursor.ts'

const BRACKETED = new Set(['pmatrix', 'bmatrix', 'Bmatrix', 'psmallmatrix', 'bsmallmatrix'])
/** Environments without brackets of their own. */
const BARE = new Set(['matrix', 'smallmatrix', 'array'])
const CLOSING: Readonly<Record<string, string>> = { '(': ')', '[': ']' }

/** \pmatrix{1 & 2 \cr 3 & 4} */
const PLAIN_TEX = ['pmatrix', 'bmatrix', 'matrix']

/** Whether a matrix begins here, perhaps with brackets around its environment. */
export function seesMatrix(cursor: TokenCursor): boolean {
  return cursor.sees('begin', ...PLAIN_TEX) || (cursor.sees('(', '[') && isBegin(cursor))
}

function isBegin(cursor: TokenCursor): boolean {
  const after = cursor.peek(1)
  return after?.kind === 'command' && after.text === 'begin'
}

/** \begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix} */
export function parseMatrix(cursor: TokenCursor): AnswerNode | null {
  if (cursor.sees(...PLAIN_TEX)) {
    cursor.next()
    return cursor.take('{') ? matrixOf(parseRows(cursor, '}')) : null
  }
  const open = cursor.sees('begin') ? null : (cursor.next()?.text ?? '')
  cursor.next()
  const name = parseEnvironment(cursor)
  if (name === null || !(BARE.has(name) || (open === null && BRACKETED.has(name)))) return null
  if (name === 'array' && !parseColumns(cursor)) return null
  const rows = parseRows(cursor, 'end')
  if (rows === null || parseEnvironment(cursor) !== name) return null
  return open !== null && !cursor.take(CLOSING[open] ?? '') ? null : matrixOf(rows)
}

function matrixOf(rows: readonly (readonly ExpressionNode[])[] | null): AnswerNode | null {
  return rows !== null && rows.every((row) => row.length === rows[0]?.length) ? { type: 'matrix', rows } : null
}

/** Rows up to a token, which is taken. */
function parseRows(cursor: TokenCursor, end: '}' | 'end'): readonly (readonly ExpressionNode[])[] | null {
  const rows: ExpressionNode[][] = [[]]
  for (;;) {
    const cell = cursor.deeper(() => parseSum(cursor))
    if (cell === null) return null
    rows.at(-1)?.push(cell)
    if (cursor.take('&')) continue
    const broken = cursor.take('\\') || cursor.take('cr')
    if (cursor.take(end)) return rows
    if (!broken) return null
    rows.push([])
  }
}

function parseEnvironment(cursor: TokenCursor): string | null {
  if (!cursor.take('{')) return null
  const name = cursor.next()
  return name?.kind === 'word' && cursor.take('}') ? name.text : null
}

/** The columns of an array: {cc}. A bar between two columns says more than a matrix does. */
function parseColumns(cursor: TokenCursor): boolean {
  if (!cursor.take('{')) return false
  for (let token = cursor.next(); token !== undefined; token = cursor.next()) {
    if (token.kind === 'mark' && token.text === '}') return true
    if (!/^[clr]+$/.test(token.text)) return false
  }
  return false
}
