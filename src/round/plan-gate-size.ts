/**
 * @file Whether the evals of a suite have enough gate cases, from what the suite declares: margins, flips, clusters, and how many comparisons a round has.
 */
import { relative } from 'node:path'
import type { Case } from '../eval/case.ts'
import { casesOf } from '../eval/load-eval.ts'
import { judgeDevSize, type DevTooSmall } from '../gate/dev-size.ts'
import { judgeGateSize, type GateSize } from '../gate/gate-size.ts'
import type { GatePolicy } from '../gate/policy.ts'
import type { Suite, SuiteEval } from '../suite/checked-suite.ts'
import { comparedAs } from './evaluation/reduced-grades.ts'
import { devTask } from './grade-model.ts'
import { allEvals } from './run-context.ts'

/**
 * Comparisons that must all pass in the round that has most: every blocking old eval against its parent, and against its anchor where that is another
 * model, which in the first round it is not, and never for the feature accepted in the round before.
 */
export function blockingComparisonCount(suite: Suite, compared: { readonly target: string | null } | null): number {
  const count = (entries: readonly SuiteEval[]): number => entries.filter(({ blocking }) => blocking).length
  if (compared !== null) return count(allEvals(suite).filter((entry) => entry.eval.name !== compared.target))
  const retention = count(suite.retention)
  const rounds = suite.features.map((_, index) => {
    const [earlier, last] = [suite.features.slice(0, Math.max(0, index - 1)), suite.features.slice(Math.max(0, index - 1), index)]
    return (index === 0 ? retention : 2 * retention) + 2 * count(earlier) + count(last)
  })
  return Math.max(...rounds)
}

/** The size of one eval's gate. An eval that cannot block has no size to reach. */
export function gateSizeOf(entry: SuiteEval, policy: GatePolicy, comparisons: number): GateSize {
  const { eval: definition, margin, blocking } = entry
  const { graded, repeats } = comparedAs(definition)
  const size = judgeGateSize({
    evalName: definition.name,
    clusterSizes: clusterSizes(casesOf(definition, 'gate')),
    clusterCorrelation: policy.clusterCorrelation,
    margin,
    expectedFlips: definition.expectedFlips,
    test: graded || repeats > 1 ? 'tilted' : 'tango',
    comparisons,
    casesPath: casesPath(definition),
    alpha: policy.alpha,
    power: policy.power,
  })
  return blocking ? size : { ...size, advisory: false, warning: null }
}

/** Whether the eval has the dev cases to choose checkpoints by; null also where no checkpoint is chosen by it. */
export function devSizeWarning(entry: SuiteEval, suite: Suite): DevTooSmall | null {
  const { eval: definition, margin, blocking } = entry
  // The last feature has no later round in which it could be lost.
  if (!blocking || entry === suite.features.at(-1)) return null
  const [evalName, { expectedFlips }, { clusterCorrelation }] = [definition.name, definition, suite.gate]
  const sizes = clusterSizes(devTask(entry, suite.devCases).cases)
  return judgeDevSize({ evalName, clusterSizes: sizes, clusterCorrelation, margin, expectedFlips, casesPath: casesPath(definition) })
}

function casesPath({ origin, name }: SuiteEval['eval']): string {
  return relative(process.cwd(), origin) || name
}

function clusterSizes(cases: readonly Case[]): readonly number[] {
  const sizes = new Map<string, number>()
  let alone = 0
  for (const { cluster } of cases) {
    if (cluster === undefined) alone++
    else sizes.set(cluster, (sizes.get(cluster) ?? 0) + 1)
  }
  return [...sizes.values(), ...Array.from({ length: alone }, () => 1)]
}
