/**
 * @file How repeats of one case become one value of it. Reduce first, then take the metric over cases, so that its standard error is over cases.
 * A repeat that could not be graded is skipped and never counts as 0. Pure: it knows neither records nor evals.
 */
import { passAtK, passHatK } from './pass-at-k.ts'

/** One graded repeat of a case. `answer` tells answers apart, for majorities. */
export interface RepeatOutcome {
  /** What is reduced: a reward, or 1 and 0 for passed and failed. Null when it could not be graded. */
  readonly value: number | null
  readonly pass: boolean | null
  readonly answer: string
}

interface GradedOutcome extends RepeatOutcome {
  readonly value: number
}

const SIMPLE: Readonly<Record<string, (graded: readonly GradedOutcome[]) => number>> = {
  mean: (graded) => graded.reduce((sum, { value }) => sum + value, 0) / graded.length,
  median: (graded) => medianOf(graded.map(({ value }) => value)),
  mode: (graded) => commonest(graded, ({ value }) => value).value,
  max: (graded) => Math.max(...graded.map(({ value }) => value)),
  majority: (graded) => commonest(graded, ({ answer }) => answer).value,
}

/**
 * One value for the repeats of a case, in their order: null when no repeat could be graded, or too few for what is asked.
 * `pass@k` and `pass^k` are unbiased over the graded repeats; `at-least-k` is null where the missing grades could have changed it;
 * ties of `mode` and `majority` go to the earliest. `reducer` is a name that the eval's options accept.
 * @throws RangeError for any other name
 */
export function reduceRepeats(reducer: string, repeats: readonly RepeatOutcome[]): number | null {
  const graded = repeats.filter((repeat): repeat is GradedOutcome => repeat.value !== null)
  const simple = Object.hasOwn(SIMPLE, reducer) ? SIMPLE[reducer] : undefined
  if (simple !== undefined) return graded.length === 0 ? null : simple(graded)
  const [, kind, digits] = /^(pass@|pass\^|at-least-|best-of-)([1-9]\d*)$/.exec(reducer) ?? []
  if (kind === undefined) throw new RangeError(`no reducer is called ${JSON.stringify(reducer)}`)
  return reduceWithCount({ kind, k: Number(digits) }, repeats, graded)
}

function reduceWithCount(
  { kind, k }: { readonly kind: string; readonly k: number },
  repeats: readonly RepeatOutcome[],
  graded: readonly GradedOutcome[],
): number | null {
  if (graded.length === 0) return null
  const passed = graded.filter(({ pass }) => pass === true).length
  if (kind === 'best-of-') return maxOf(repeats.slice(0, k))
  if (kind === 'at-least-') {
    if (passed >= k) return 1
    return passed + repeats.length - graded.length < k ? 0 : null
  }
  if (graded.length < k) return null
  return kind === 'pass@' ? passAtK(graded.length, passed, k) : passHatK(graded.length, passed, k)
}

function maxOf(repeats: readonly RepeatOutcome[]): number | null {
  let best: number | null = null
  for (const { value } of repeats) if (value !== null && (best === null || value > best)) best = value
  return best
}

function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? (sorted[middle] as number) : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2
}

/** The first item of the most frequent key; among equally frequent keys, the one seen first. */
function commonest<Item>(items: readonly Item[], keyOf: (item: Item) => string | number): Item {
  const groups = new Map<string | number, { readonly first: Item; count: number }>()
  for (const item of items) {
    const group = groups.get(keyOf(item))
    if (group === undefined) groups.set(keyOf(item), { first: item, count: 1 })
    else group.count += 1
  }
  // Maps keep the order of insertion and only a greater count replaces, so that ties go to the earliest.
  return [...groups.values()].reduce((best, group) => (group.count > best.count ? group : best)).first
}
