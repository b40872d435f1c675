/**
 * @file Judges two evaluations of one eval as the gate would: paired by case, with its tests and its words.
 */
import { judgeRound } from '../gate/judge-round.ts'
import { pairGrades } from '../gate/pair-grades.ts'
import type { HashDifference } from '../gate/errors.ts'
import { gatePolicySchema } from '../gate/policy.ts'
import type { EvalUnderGate, EvalVerdict } from '../gate/verdict.ts'
import type { EvaluationResult } from '../round/evaluate.ts'
import { caseResults } from './evals/case-results.ts'
import type { CaseResult } from './evals/case-results.ts'

/** What may be declared of a comparison; the defaults are the gate's. */
export interface ComparisonOptions {
  /** Largest loss of pass share that counts as held. Default 0.05. */
  readonly margin?: number
  /** Smallest gain of pass share that counts as improved. Default 0.05. */
  readonly minEffect?: number
  /** One-sided error rate. Default 0.05. */
  readonly alpha?: number
  /** Share of cases that a guess gets right. Default 0. */
  readonly chance?: number
  /** Compares rewards instead of passes. Default false. */
  readonly graded?: boolean
}

/** A verdict with the cases that passed before and fail now. */
export interface Comparison {
  readonly verdict: EvalVerdict
  readonly lost: readonly CaseResult[]
  /** How the two were asked differently besides their answers: two models with templates of their own. */
  readonly differences: readonly HashDifference[]
}

/**
 * The candidate against the baseline: as the target of a round (`improve`), or as something that must not be lost (`hold`).
 * @throws GradesNotComparableError where they were not asked or judged alike
 */
export function compareResults(
  sides: { readonly baseline: EvaluationResult; readonly candidate: EvaluationResult },
  question: 'improve' | 'hold',
  { margin, minEffect, alpha, chance = 0, graded = false }: ComparisonOptions,
): Comparison {
  const { baseline, candidate } = sides
  const evalName = candidate.evalName
  const { pairs, differences } = pairGrades(baseline.records, candidate.records, { mode: 'foreign', evalName })
  const policy = gatePolicySchema.parse({ margin, minEffect, alpha })
  const repeats = Math.max(
    1,
    ...[baseline, candidate].map(({ records }) => records.reduce((most, { repeat }) => Math.max(most, repeat + 1), 1)),
  )
  const evaluated: EvalUnderGate = {
    name: evalName,
    role: question === 'improve' ? 'target' : 'old',
    blocking: true,
    margin: policy.margin,
    minEffect: policy.minEffect,
    expectedFlips: 0,
    chance,
    repeats,
    graded,
    comparisons: { parent: { evalName, baseline: 'parent', pairs } },
  }
  const [verdict] = judgeRound({ round: 'test', arm: 'candidate', policy, evals: [evaluated] }).evals
  const lostIds = new Set(verdict?.lostCases)
  const lost = caseResults(candidate.records).filter(({ caseId }) => lostIds.has(caseId))
  return { verdict: verdict as EvalVerdict, lost, differences }
}
