/**
 * @file When a letter before a bracket is the name of a function and no factor.
 */
import type { TokenCursor } from './token-cursor.ts'

/** Letters that name functions whatever stands behind them. */
const FUNCTION_LETTERS = new Set([
  'f',
  'g',
  'h',
  'F',
  'G',
  'H',
  'P',
  'Q',
  'phi',
  'varphi',
  'psi',
  'Phi',
  'Psi',
  'Gamma',
  'zeta',
  'sigma',
  'tau',
  'mu',
])
/** Tokens of an argument that is made of numbers. */
const LONGEST_NUMERIC = 9
const CONSTANT_LETTERS = new Set(['pi', 'e', 'i', '∞'])

/** Whether the bracket that comes next holds the arguments of a name: f(2) is not 2f. x(x+1) is a product, x(2) may be either. */
export function opensArguments(cursor: TokenCursor, name: string): boolean {
  const bracket = cursor.sees('(') ? cursor.bracket() : undefined
  if (bracket === undefined || CONSTANT_LETTERS.has(name) || cursor.at(bracket.close)?.text !== ')') return false
  if (FUNCTION_LETTERS.has(name.split('_')[0] ?? '') || bracket.separated) return true
  const [first, size] = [bracket.open + 1, bracket.close - bracket.open - 1]
  if (size > LONGEST_NUMERIC) return false
  const letters = Array.from({ length: size }, (_, index) => cursor.at(first + index)).filter((token) => token?.kind === 'symbol').length
  return letters === 0 || size === 1 || (size === 2 && cursor.at(first)?.text === '-')
}
