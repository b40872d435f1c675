/**
 * @file One eval's verdict from its measured comparisons: the target's rule for targets, the rules of loss for everything else.
 */
import { lostCaseIds } from './case-outcomes.ts'
import { judgeLoss } from './judge-loss.ts'
import type { LossRules, LossVerdict } from './judge-loss.ts'
import { judgeTarget } from './judge-target.ts'
import { neededForHeld, neededForImproved } from './needed-cases.ts'
import type { GatePolicy } from './policy.ts'
import { NOT_BLOCKING, verdictSentence } from './verdict-sentence.ts'
import type { ComparisonNumbers, EvalFlags, EvalUnderGate, EvalVerdict, EvalVerdictName } from './verdict.ts'

/** An eval with its comparisons measured and its losses corrected. `parent` stands first. */
export interface MeasuredEval {
  readonly evaluated: EvalUnderGate
  readonly comparisons: readonly [ComparisonNumbers, ...ComparisonNumbers[]]
}

interface Judgement {
  readonly verdict: EvalVerdictName
  readonly flags: EvalFlags
  readonly decidedBy: ComparisonNumbers
  readonly neededN: number | null
}

/** Whether this eval can block its round. */
export function canBlock({ role, blocking }: EvalUnderGate): boolean {
  return role === 'target' || (role === 'old' && blocking)
}

/** Whether its round waits for it to be HELD. Too few cases waive that demand, and nothing else. */
function mustHold({ role, blocking, advisoryReason }: EvalUnderGate): boolean {
  return role === 'old' && blocking && advisoryReason === undefined
}

/** Judges one eval. `alphaRegressed` is the level for a corrected loss. */
export function judgeEval(measured: MeasuredEval, policy: GatePolicy, alphaRegressed: number): EvalVerdict {
  const { evaluated, comparisons } = measured
  const { name, role, margin, minEffect, chance } = evaluated
  const loss = judgeLoss(blockingComparisons(comparisons), { policy, alphaRegressed, chance, margin } satisfies LossRules)
  const judgement = role === 'target' ? targetJudgement(measured, loss, policy) : lossJudgement(loss, margin, policy)
  const { verdict, flags, decidedBy, neededN } = judgement
  const parent = comparisons[0]
  return {
    name,
    role,
    blocking: canBlock(evaluated),
    mustHold: mustHold(evaluated),
    advisoryReason: advisoryReason(evaluated),
    verdict,
    reason: verdictSentence({ evaluated, verdict, flags, numbers: decidedBy, alpha: policy.alpha, neededN }),
    margin,
    ...(evaluated.relativeMargin === undefined ? {} : { relativeMargin: evaluated.relativeMargin }),
    minEffect,
    n: parent.n,
    errors: parent.errors,
    before: parent.before,
    after: parent.after,
    difference: parent.difference,
    interval: parent.interval,
    lost: parent.lost,
    gained: parent.gained,
    flags,
    neededN,
    lostCases: lostCaseIds(evaluated.comparisons.parent.pairs, evaluated),
    baselines: comparisons,
  }
}

/** The baselines against which a loss counts: `best` was selected for being high, and `base` is not what is there now. */
export function blockingComparisons(comparisons: MeasuredEval['comparisons']): [ComparisonNumbers, ...ComparisonNumbers[]] {
  const [parent, ...others] = comparisons
  return [parent, ...others.filter(({ baseline }) => baseline === 'anchor')]
}

function lossJudgement({ verdict, flags, decidedBy }: LossVerdict, margin: number, policy: GatePolicy): Judgement {
  const casesAreMissing = verdict === 'INCONCLUSIVE' && !flags.overErrorBudget && !flags.noReserve
  const neededN = casesAreMissing ? neededForHeld(decidedBy, margin, policy) : null
  return { verdict, flags: { ...flags, missed: false }, decidedBy, neededN }
}

function targetJudgement({ evaluated, comparisons }: MeasuredEval, loss: LossVerdict, policy: GatePolicy): Judgement {
  const parent = comparisons[0]
  const outcome = judgeTarget(parent, evaluated.minEffect, policy)
  const calm = { smallButReal: false, noReserve: false, overErrorBudget: false, overHardLimit: false, missed: false }
  switch (outcome) {
    case 'improved':
      return { verdict: 'IMPROVED', flags: calm, decidedBy: parent, neededN: null }
    case 'missed':
      return { verdict: loss.verdict, flags: { ...loss.flags, missed: true }, decidedBy: parent, neededN: null }
    case 'over-error-budget':
      return { verdict: 'INCONCLUSIVE', flags: { ...calm, overErrorBudget: true }, decidedBy: parent, neededN: null }
    case 'open':
      return { verdict: 'INCONCLUSIVE', flags: calm, decidedBy: parent, neededN: neededForImproved(parent, evaluated.minEffect, policy) }
  }
}

function advisoryReason(evaluated: EvalUnderGate): string | undefined {
  if (evaluated.role === 'target') return undefined
  if (evaluated.role === 'future') return 'the app gains this feature in a later round'
  if (evaluated.role === 'none') return 'this feature was never accepted, so there is nothing to keep'
  return evaluated.blocking ? evaluated.advisoryReason : NOT_BLOCKING
}
