/**
 * @file The gate grades of one model on every eval of a suite, and the pairing of two such sets into what the gate judges.
 */
import type { EffectiveMargin } from '../gate/relative-margin.ts'
import { pairGrades } from '../gate/pair-grades.ts'
import type { GradeToPair } from '../gate/pair-grades.ts'
import type { HashDifference } from '../gate/errors.ts'
import type { Baseline, EvalComparison, EvalUnderGate } from '../gate/verdict.ts'
import type { GradeRecord } from '../ledger/grade-record.ts'
import type { PlannedEval } from '../ledger/run-records.ts'
import type { SummarisedEval } from './evaluation/graded-cases.ts'
import { comparedAs, reducedGrades } from './evaluation/reduced-grades.ts'

/** Gate grades by eval name. */
export type GradeSet = ReadonlyMap<string, readonly GradeRecord[]>

/** The grades that a candidate is compared with, eval by eval. */
export interface BaselineGrades {
  readonly parent: GradeSet
  readonly base: GradeSet
  /** By eval: the grades of the adapter accepted in the feature's own round, or of the base for retention. Missing where there is no anchor yet. */
  readonly anchors: GradeSet
  readonly best: GradeSet
}

/** How grades of two models may differ: `run` refuses unlike tokens and decoding, `foreign` only reports them. */
export type PairingMode = 'run' | 'foreign'

/** One eval as the gate sees it. An anchor equal to the parent is left out, so that one hypothesis is not counted twice. */
export function evalUnderGate(
  planned: PlannedEval,
  role: EvalUnderGate['role'],
  grades: {
    readonly candidate: GradeSet
    readonly baselines: BaselineGrades
    readonly mode: PairingMode
    readonly definition: SummarisedEval
    /** Instead of the planned margin. */
    readonly margin?: EffectiveMargin | undefined
  },
): EvalUnderGate {
  const { baselines, definition } = grades
  const reduce = (records: readonly GradeRecord[]): readonly GradeToPair[] => reducedGrades(records, definition, planned.graded)
  const compare = (baseline: Baseline, before: readonly GradeRecord[] | undefined): EvalComparison | undefined =>
    before === undefined
      ? undefined
      : comparison(planned.name, baseline, {
          before: reduce(before),
          after: reduce(recordsOf(grades.candidate, planned.name)),
          mode: grades.mode,
        })
  const parent = recordsOf(baselines.parent, planned.name)
  const anchor = baselines.anchors.get(planned.name)
  return {
    name: planned.name,
    role,
    blocking: planned.blocking,
    ...(planned.advisory === null
      ? {}
      : { advisoryReason: `${planned.advisory.cases} gate cases, a margin this narrow needs about ${planned.advisory.neededCases}` }),
    ...(grades.margin ?? { margin: planned.margin }),
    minEffect: planned.minEffect,
    expectedFlips: planned.expectedFlips,
    chance: planned.chance,
    ...comparedAs({ reducer: definition.reducer, graded: planned.graded, repeats: planned.repeats }),
    comparisons: {
      parent: compare('parent', parent) as EvalComparison,
      anchor: anchor === parent ? undefined : compare('anchor', anchor),
      base: compare('base', baselines.base.get(planned.name)),
      best: compare('best', baselines.best.get(planned.name)),
    },
  }
}

function comparison(
  evalName: string,
  baseline: Baseline,
  sides: { before: readonly GradeToPair[]; after: readonly GradeToPair[]; mode: PairingMode },
): EvalComparison {
  return { evalName, baseline, pairs: pairGrades(sides.before, sides.after, { mode: sides.mode, evalName }).pairs }
}

/** A kind of difference in how two foreign models were asked, on one eval: reported beside the verdict, never refused. */
export interface ModelDifference extends HashDifference {
  readonly evalName: string
}

/** How the grades of two foreign models differ besides their answers: rendered prompts, decoding. */
export function foreignDifferences(
  evalNames: readonly string[],
  sides: { readonly before: GradeSet; readonly after: GradeSet },
): ModelDifference[] {
  return evalNames.flatMap((evalName) =>
    pairGrades(recordsOf(sides.before, evalName), recordsOf(sides.after, evalName), { mode: 'foreign', evalName }).differences.map(
      (difference) => ({ evalName, ...difference }),
    ),
  )
}

/** The records of one eval; an empty list where it was not graded. */
export function recordsOf(grades: GradeSet, evalName: string): readonly GradeRecord[] {
  return grades.get(evalName) ?? []
}

/** Share of passing records among those that could be graded; 0 when there are none. */
export function passShare(records: readonly GradeRecord[]): number {
  const graded = records.filter((record) => record.pass !== null)
  return graded.length === 0 ? 0 : graded.filter((record) => record.pass).length / graded.length
}
