/**
 * @file What more samples of a case buy: the expected best of k, the vote of k, and which k are worth a row in a table. Pure.
 */
import { logChoose } from './log-gamma.ts'
import { reduceRepeats } from './reducers.ts'
import type { RepeatOutcome } from './reducers.ts'

/** 1, 2, 4 and so on below `n`, and `n` itself. */
export function scalingSteps(n: number): readonly number[] {
  const steps: number[] = []
  for (let k = 1; k < n; k *= 2) steps.push(k)
  return n < 1 ? [] : [...steps, n]
}

/**
 * Expected highest of k values drawn from `values` without putting back; 1 <= k <= n. For values of 0 and 1 it is pass@k.
 * Each value is the highest in C(i, k - 1) of the C(n, k) draws, i being the number of values before it in ascending order.
 */
export function expectedBest(values: readonly number[], k: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  const draws = logChoose(sorted.length, k)
  let sum = 0
  for (let below = k - 1; below < sorted.length; below++) {
    sum += (sorted[below] as number) * Math.exp(logChoose(below, k - 1) - draws)
  }
  return sum
}

/** Mean value of the commonest answer among k repeats, over the whole blocks of k consecutive ones; null where none could be graded. */
export function majorityOf(repeats: readonly RepeatOutcome[], k: number): number | null {
  const values: number[] = []
  for (let start = 0; start + k <= repeats.length; start += k) {
    const value = reduceRepeats('majority', repeats.slice(start, start + k))
    if (value !== null) values.push(value)
  }
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length
}
