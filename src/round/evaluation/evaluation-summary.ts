/**
 * @file What the grades of one eval on one model say: shares and means with their uncertainty, what repeats buy, whether reinforcement has a signal,
 * how far the twins lie behind. Repeats are reduced first; every uncertainty is over cases. It decides nothing.
 */
import type { ReducerName } from '../../eval/eval.ts'
import { twinGap } from '../../gate/twin-gap.ts'
import type { TwinGap } from '../../gate/twin-gap.ts'
import type { GradeRecord } from '../../ledger/grade-record.ts'
import { clusteredStderr } from '../../stats/clustered-stderr.ts'
import { wilson } from '../../stats/wilson.ts'
import { gradedCases, reducedPass, reducedReward } from './graded-cases.ts'
import type { GradedCase, SummarisedEval } from './graded-cases.ts'
import { inferenceScaling } from './inference-scaling-table.ts'
import type { ScalingRow } from './inference-scaling-table.ts'
import { readinessOf } from './readiness.ts'
import type { Readiness } from './readiness.ts'
import { tokenTotals } from './token-totals.ts'
import type { TokenTotals } from './token-totals.ts'

/** A mean over cases. */
export interface MeanOverCases {
  readonly mean: number
  /** By clusters where cases have them; null with fewer than two clusters. */
  readonly stderr: number | null
  readonly cases: number
}

export interface EvaluationSummary {
  readonly evalName: string
  readonly reducer: ReducerName
  readonly temperature: number
  /** Cases, twins not counted unless there is nothing else. */
  readonly cases: number
  /** Cases without any value: no grade could be given, or too few for the reducer. */
  readonly ungradedCases: number
  /** Completions of all cases and twins, and those among them that could not be graded. */
  readonly completions: number
  readonly ungradedCompletions: number
  readonly repeats: number
  /** Mean over cases of the reduced passes; null when nothing could be graded. */
  readonly passShare: number | null
  /** Wilson's 95 % interval of passShare, widened by the design effect of the clusters. */
  readonly interval: readonly [lower: number, upper: number]
  readonly reward: MeanOverCases | null
  /** Rows for 1, 2, 4 and so on completions of a case; empty without repeats. */
  readonly scaling: readonly ScalingRow[]
  readonly readiness: Readiness | null
  readonly twins: TwinGap | null
  /** Means of the audit graders by name: measured, never rewarded. */
  readonly audit: Readonly<Record<string, MeanOverCases>>
  readonly tokens: TokenTotals
}

/** Sums up the grades of one eval; the records may hold its twins too, which make the gap and nothing else. */
export function summariseEvaluation(records: readonly GradeRecord[], definition: SummarisedEval): EvaluationSummary {
  const { reducer } = definition
  const all = gradedCases(records, definition)
  const originals = all.filter(({ twinOf }) => twinOf === null)
  const cases = originals.length === 0 ? all : originals
  const passes = cases.map((row) => reducedPass(row, reducer))
  const repeats = cases.reduce((most, row) => Math.max(most, row.repeats.length), 0)
  return {
    evalName: definition.name,
    reducer,
    temperature: definition.sampling.temperature,
    cases: cases.length,
    ungradedCases: passes.filter((pass) => pass === null).length,
    completions: records.length,
    ungradedCompletions: records.filter(({ reward }) => reward === null).length,
    repeats,
    ...passShareOf(cases, passes),
    reward: meanOverCases(
      cases,
      cases.map((row) => reducedReward(row, reducer)),
    ),
    scaling: repeats < 2 ? [] : inferenceScaling(cases, repeats),
    readiness: readinessOf(cases),
    twins: originals.length === 0 ? null : twinGap(all.map((row) => ({ ...row, share: reducedPass(row, reducer) }))),
    audit: auditMeans(cases),
    tokens: tokenTotals(records),
  }
}

/** Wilson's interval for the number of cases that would tell as much if none shared a cluster. */
function passShareOf(cases: readonly GradedCase[], passes: readonly (number | null)[]): Pick<EvaluationSummary, 'passShare' | 'interval'> {
  const { values, clusters } = valuesOf(cases, passes)
  if (values.length === 0) return { passShare: null, interval: [0, 1] }
  const share = values.reduce((sum, value) => sum + value, 0) / values.length
  // Never below 1: clusters can look better than independent by chance. Repeats narrow nothing here, which errs on the wide side.
  const designEffect = values.length < 2 ? 1 : Math.max(1, clusteredStderr(values, clusters).designEffect)
  const worth = values.length / designEffect
  // The product of a share and a number must not round to just above it.
  return { passShare: share, interval: wilson(share === 1 ? worth : share * worth, worth) }
}

function meanOverCases(cases: readonly GradedCase[], given: readonly (number | null)[]): MeanOverCases | null {
  const { values, clusters } = valuesOf(cases, given)
  if (values.length === 0) return null
  if (values.length === 1) return { mean: values[0] as number, stderr: null, cases: 1 }
  const { mean, clusteredStderr: stderr, clusters: clusterCount } = clusteredStderr(values, clusters)
  return { mean, stderr: clusterCount < 2 ? null : stderr, cases: values.length }
}

function valuesOf(cases: readonly GradedCase[], given: readonly (number | null)[]): { values: number[]; clusters: string[] } {
  const values: number[] = []
  const clusters: string[] = []
  for (const [index, value] of given.entries()) {
    if (value === null) continue
    values.push(value)
    clusters.push(cases[index]?.cluster ?? '')
  }
  return { values, clusters }
}

function auditMeans(cases: readonly GradedCase[]): Readonly<Record<string, MeanOverCases>> {
  const names = new Set(cases.flatMap(({ records }) => records.flatMap(({ audit }) => Object.keys(audit))))
  const entries = [...names].flatMap((name) => {
    const perCase = cases.map(({ records }) => meanOfGiven(records.map(({ audit }) => audit[name] ?? null)))
    const mean = meanOverCases(cases, perCase)
    return mean === null ? [] : [[name, mean] as const]
  })
  return Object.fromEntries(entries)
}

function meanOfGiven(values: readonly (number | null)[]): number | null {
  const given = values.filter((value) => value !== null)
  return given.length === 0 ? null : given.reduce((sum, value) => sum + value, 0) / given.length
}
