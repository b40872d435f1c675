/**
 * @file Whether reinforcement has something to learn from: a case that is solved always or never gives a group of equal rewards, and no gradient.
 */
import type { GradedCase } from './graded-cases.ts'

/** Shares of cases by how often their repeats passed; they add up to 1. */
export interface Readiness {
  readonly never: number
  readonly sometimes: number
  readonly always: number
  /** Share of cases whose repeats got different rewards: with partial credit, more than those solved sometimes. */
  readonly rewardsDiffer: number
  /** Cases with at least two graded repeats. */
  readonly cases: number
}

/** Below this share of cases with different rewards most groups of samples teach nothing. */
const LITTLE_SIGNAL = 0.1

/** Null where no case has two graded repeats. */
export function readinessOf(cases: readonly GradedCase[]): Readiness | null {
  const counts = { never: 0, sometimes: 0, always: 0, rewardsDiffer: 0, cases: 0 }
  for (const { repeats } of cases) {
    const graded = repeats.filter(({ value }) => value !== null)
    if (graded.length < 2) continue
    const passed = graded.filter(({ pass }) => pass === true).length
    counts.cases += 1
    counts[passed === 0 ? 'never' : passed === graded.length ? 'always' : 'sometimes'] += 1
    if (graded.some(({ value }) => value !== graded[0]?.value)) counts.rewardsDiffer += 1
  }
  const share = (count: number): number => count / counts.cases
  if (counts.cases === 0) return null
  return {
    never: share(counts.never),
    sometimes: share(counts.sometimes),
    always: share(counts.always),
    rewardsDiffer: share(counts.rewardsDiffer),
    cases: counts.cases,
  }
}

/** One sentence for people, without a final period. */
export function readinessSentence(readiness: Readiness | null, temperature: number): string {
  if (readiness === null) return 'unknown: each case was answered once; set repeats to 4 or more and a temperature above 0'
  const { never, sometimes, always, rewardsDiffer } = readiness
  const shares = `${percent(sometimes)} of the cases are solved sometimes, ${percent(always)} always, ${percent(never)} never`
  const differ = rewardsDiffer > sometimes ? `; rewards differ in ${percent(rewardsDiffer)}` : ''
  if (temperature === 0) return `unknown: at temperature 0 all repeats are alike (${shares})`
  if (rewardsDiffer >= LITTLE_SIGNAL) return `reinforcement has a signal: ${shares}${differ}`
  const amount = rewardsDiffer === 0 ? 'no signal' : 'little signal'
  const advice = never >= always ? 'supervised examples must come first' : 'harder cases are needed'
  return `reinforcement has ${amount}: ${shares}${differ}; ${advice}`
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`
}
