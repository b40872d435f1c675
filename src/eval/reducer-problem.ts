/**
 * @file Whether an eval draws enough completions for its reducer. What reducers compute is src/stats/reducers.ts.
 */
import type { ReducerName } from './eval.ts'

/** What is wrong with a reducer at this number of repeats, null when nothing is. */
export function reducerProblem(reducer: ReducerName, repeats: number): string | null {
  const k = Number(/\d+$/.exec(reducer)?.[0] ?? 1)
  if (k <= repeats) return null
  return `reducer "${reducer}" needs ${k} completions of each case, and repeats is ${repeats}`
}
