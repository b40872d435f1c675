/**
 * @file Finds whole numbers that JavaScript has already rounded: beyond 2^53 a number stands for several.
 */

/** Deeper values are no JSON that a case may have. */
export const DEEPEST = 200

/** What is wrong with a number beyond 2^53. */
export function roundedProblem({ path, value }: RoundedNumber): string {
  const name = path === '' ? 'it' : path
  return `${name}: ${value} is beyond 2^53, where JavaScript rounds: the number that was written may have been another one`
}

/** A number that may stand for several, and where. */
export interface RoundedNumber {
  readonly path: string
  readonly value: number
}

/** The first whole number of a value that JavaScript cannot tell from its neighbours. */
export function roundedNumber(value: unknown, path = '', depth = 0): RoundedNumber | null {
  if (typeof value === 'number') return Number.isInteger(value) && !Number.isSafeInteger(value) ? { path, value } : null
  if (typeof value !== 'object' || value === null || depth > DEEPEST) return null
  for (const key of Object.keys(value)) {
    const found = roundedNumber((value as Readonly<Record<string, unknown>>)[key], path === '' ? key : `${path}.${key}`, depth + 1)
    if (found !== null) return found
  }
  return null
}
