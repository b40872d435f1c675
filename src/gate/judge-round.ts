/**
 * @file The gate: paired grades of every eval in, one verdict on the round out. Decides from numbers alone; which adapter advances, and
 * what a control's verdict means for a run, is the caller's business.
 */
import { quoteUntrusted } from '../base/untrusted-text.ts'
import { holm } from '../stats/holm.ts'
import { compareGrades } from './compare-grades.ts'
import type { ComparisonSettings } from './compare-grades.ts'
import { canBlock, judgeEval } from './judge-eval.ts'
import type { MeasuredEval } from './judge-eval.ts'
import type {
  ComparisonNumbers,
  EvalComparison,
  EvalUnderGate,
  EvalVerdict,
  RoundUnderGate,
  RoundVerdict,
  RoundVerdictName,
} from './verdict.ts'

/**
 * Judges a round. Without a target the question is loss alone. Future features, features that were never accepted and evals declared as not blocking
 * are measured and reported, and decide nothing. An advisory eval has too few cases to be asked for HELD; a proven loss of it blocks like any other.
 */
export function judgeRound({ round, arm, policy, evals }: RoundUnderGate): RoundVerdict {
  const alphaRegressed = policy.alpha / policy.plannedRounds
  const settings = { policy, smallestAlpha: alphaRegressed / Math.max(1, evals.length * 2) }
  const measured = evals.map((evaluated) => measure(evaluated, settings))
  const deciding = new Set(measured.filter(({ evaluated }) => evaluated.role === 'old' && canBlock(evaluated)))
  // Two families: what decides nothing must not cost what decides its power.
  const corrected = [...correct(measured.filter((one) => deciding.has(one))), ...correct(measured.filter((one) => !deciding.has(one)))]
  const byEval = new Map(corrected.map((one) => [one.evaluated, one]))
  const verdicts = evals.map((evaluated) => judgeEval(byEval.get(evaluated) as MeasuredEval, policy, alphaRegressed))
  return {
    round,
    arm,
    ...judge(verdicts),
    evals: verdicts,
    policy,
    alphaRegressed,
    familySize: [...deciding].flatMap(({ comparisons }) => comparisons.filter(isBlockingBaseline)).length,
  }
}

function measure(evaluated: EvalUnderGate, settings: ComparisonSettings): MeasuredEval {
  const { parent, anchor, base, best } = evaluated.comparisons
  const numbers = (comparison: EvalComparison): ComparisonNumbers => compareGrades(evaluated, comparison, settings)
  const others = [anchor, base, best].filter((comparison) => comparison !== undefined)
  return { evaluated, comparisons: [numbers(parent), ...others.map(numbers)] }
}

function isBlockingBaseline({ baseline }: ComparisonNumbers): boolean {
  return baseline === 'parent' || baseline === 'anchor'
}

/** Holm over the evals and blocking baselines of one family. */
function correct(family: readonly MeasuredEval[]): MeasuredEval[] {
  const adjusted = holm(family.flatMap(({ comparisons }) => comparisons.filter(isBlockingBaseline).map(({ pLoss }) => pLoss))).values()
  const withHolm = (numbers: ComparisonNumbers): ComparisonNumbers =>
    isBlockingBaseline(numbers) ? { ...numbers, pLossHolm: adjusted.next().value ?? null } : numbers
  return family.map(({ evaluated, comparisons: [parent, ...others] }) => ({
    evaluated,
    comparisons: [withHolm(parent), ...others.map(withHolm)],
  }))
}

interface Judged {
  readonly verdict: RoundVerdictName
  readonly reasons: readonly string[]
}

function judge(verdicts: readonly EvalVerdict[]): Judged {
  const targets = verdicts.filter(({ role }) => role === 'target')
  const old = verdicts.filter(({ role }) => role === 'old')
  const guards = old.filter(({ mustHold }) => mustHold)
  const regressed = old
    .filter(({ blocking, verdict }) => blocking && verdict === 'REGRESSED')
    .toSorted((one, other) => worstLoss(one) - worstLoss(other))
  const blockers = [...regressed, ...targets.filter(({ flags }) => flags.missed)]
  const waited = [...targets, ...guards, ...old.filter((one) => one.blocking && !one.mustHold && isUngraded(one))]
  const open = waited.filter((one) => !blockers.includes(one) && one.verdict === 'INCONCLUSIVE')
  const unguarded = guards.length > 0 ? [] : noGuard(old.length, targets.length)
  const findings = [...blockers, ...open].map(({ reason }) => reason)
  if (blockers.length > 0) return { verdict: 'BLOCKED', reasons: findings }
  if (open.length > 0 || unguarded.length > 0) return { verdict: 'INCONCLUSIVE', reasons: [...findings, ...unguarded] }
  return { verdict: 'ACCEPTED', reasons: [...targets.map(({ reason }) => reason), ...keptLines(old)] }
}

/** Grades that are missing could hide any loss, however many cases there are. An eval without any gate case has none that could be missing. */
function isUngraded({ flags, baselines }: EvalVerdict): boolean {
  return flags.overErrorBudget && baselines.some((numbers) => isBlockingBaseline(numbers) && numbers.errors > 0)
}

/** What an ACCEPTED round has shown of the old evals, and what it has not. */
function keptLines(old: readonly EvalVerdict[]): string[] {
  const guards = old.filter(({ mustHold }) => mustHold).length
  const held = old.length === 0 ? 'there is no old eval that could have lost anything' : `${guards} of ${guards} blocking old evals HELD`
  return [held, ...waivedLines(old)]
}

/** The old evals that need not be HELD, by the reason: too few cases, or the suite's word. */
export function waivedLines(evals: readonly EvalVerdict[]): string[] {
  const names = (list: readonly EvalVerdict[]): string => list.map((one) => quoteUntrusted(one.name).slice(1, -1)).join(', ')
  const old = evals.filter(({ role }) => role === 'old')
  const advisory = old.filter(({ blocking, mustHold }) => blocking && !mustHold)
  const left = old.filter(({ blocking }) => !blocking)
  const lost = left.filter(({ verdict }) => verdict === 'REGRESSED')
  return [
    ...(advisory.length === 0 ? [] : [`advisory, with no loss proven and too few cases for HELD to be asked: ${names(advisory)}`]),
    ...(left.length === 0
      ? []
      : [`declared as not blocking: ${names(left)}${lost.length === 0 ? '' : `; of these REGRESSED: ${names(lost)}`}`]),
  ]
}

/** The lowest difference against a baseline that can block: an eval may have kept up with its parent and lost against its anchor. */
function worstLoss({ baselines }: EvalVerdict): number {
  return Math.min(...baselines.filter(isBlockingBaseline).map(({ difference }) => difference))
}

/** Why a round without a blocking old eval cannot be ACCEPTED; empty for a target with nothing before it. */
function noGuard(oldCount: number, targetCount: number): string[] {
  if (oldCount > 0) return ['every old eval is advisory or declared as not blocking, so nothing could show that the old features were kept']
  return targetCount > 0 ? [] : ['there is neither a target nor an old eval to judge']
}
