/**
 * @file What an arm's training needs of a feature's cases, checked before a model is opened: an arm that cannot train must not cost the grading of the base
 * first. It counts; how cases become training data is src/round/training-examples.ts's business.
 */
import { quoteUntrusted } from '../base/untrusted-text.ts'
import type { Case } from '../eval/case.ts'
import type { Eval } from '../eval/eval.ts'
import { casesOf } from '../eval/load-eval.ts'
import { demonstrationOf, exampleTypeOf, stagesOf, type MethodSpec, type StageSpec } from '../method/method-spec.ts'
import type { CheckedArm, SuiteEval } from './checked-suite.ts'
import { SuiteInvalidError } from './errors.ts'

/** The evals of a suite that is about to be tuned. */
export interface TunedEvals {
  readonly features: readonly SuiteEval[]
  readonly retention: readonly SuiteEval[]
}

/** @throws RoleEmptyError where an eval lacks cases of a role; SuiteInvalidError naming every arm that cannot train on a feature, and why */
export function refuseUntrainable(arms: readonly CheckedArm[], { features, retention }: TunedEvals, file: string): void {
  for (const { eval: feature } of features) for (const role of ['train', 'dev', 'gate'] as const) casesOf(feature, role)
  for (const { eval: kept } of retention) for (const role of ['dev', 'gate'] as const) casesOf(kept, role)
  const problems = arms.flatMap((arm) =>
    features.flatMap(({ eval: feature }) =>
      needsOf(arm.methods[feature.name], feature, arm.role).map((need) => `arm "${arm.name}" on eval "${feature.name}": ${need}`),
    ),
  )
  if (problems.length > 0) throw new SuiteInvalidError({ file, problems: [...new Set(problems)] })
}

function needsOf(method: MethodSpec | undefined, feature: Eval, role: CheckedArm['role']): readonly string[] {
  if (method === undefined) return []
  const stages = stagesOf(method)
  const rows = casesOf(feature, 'train')
  // A control may stand still on purpose; a candidate that does can only waste a round.
  const isStill = role === 'candidate' && stages.every((stage) => stage.optimizer.learningRate === 0)
  return [
    ...(isStill ? ['a candidate with learningRate 0 learns nothing'] : []),
    ...stages.flatMap((stage) => dataNeed(stage, feature, rows)),
  ]
}

/** What a stage's data lacks. A training prompt is all that methods need that draw samples. */
function dataNeed(stage: StageSpec, feature: Eval, rows: readonly Case[]): readonly string[] {
  switch (exampleTypeOf(stage)) {
    case 'demonstration':
      return demonstrationNeed(stage, feature, rows)
    case 'pair':
      return pairNeed(stage, rows)
    case 'thumb':
      return thumbNeed(stage, rows)
    case 'prompt':
      return []
  }
}

const INSTEAD = "give some, or draw them with from: 'samples'"

function thumbNeed({ name }: StageSpec, rows: readonly Case[]): readonly string[] {
  const labels = rows.reduce((sum, row) => sum + labelCount(row), 0)
  if (labels >= 2) return []
  const found = labels === 0 ? 'none is' : 'only one is'
  return [
    `"${name}" learns answers that people liked or did not (chosen or rejected, with or without thumb), of which ${found} given (${INSTEAD})`,
  ]
}

function pairNeed({ name }: StageSpec, rows: readonly Case[]): readonly string[] {
  const pairs = rows.filter(({ chosen, rejected }) => chosen !== undefined && rejected !== undefined)
  if (pairs.some(({ chosen, rejected }) => chosen !== rejected)) return []
  const found = pairs.length === 0 ? 'no train case has both' : `in all ${pairs.length} pairs both are the same`
  return [`"${name}" learns pairs of chosen and rejected answers, and ${found} (${INSTEAD})`]
}

/** A thumb says which of the answers counts. */
function labelCount({ chosen, rejected, thumb }: Case): number {
  const [up, down] = [Number(chosen !== undefined && thumb !== 'down'), Number(rejected !== undefined && thumb !== 'up')]
  return up + down
}

/** An unknown style is told elsewhere. */
function demonstrationNeed(stage: StageSpec, feature: Eval, rows: readonly Case[]): readonly string[] {
  const style = demonstrationOf(stage) ?? ''
  const demonstrate = feature.demonstrations[style]
  if (demonstrate === undefined) return []
  for (const row of rows) {
    const problem = demonstrationProblem(demonstrate, row)
    if (problem !== null)
      return [`"${stage.name}" learns a demonstration of every train case, but case ${quoteUntrusted(row.id)} ${problem}`]
  }
  return []
}

function demonstrationProblem(demonstrate: (row: Case) => unknown, row: Case): string | null {
  try {
    const text = demonstrate(row)
    if (typeof text !== 'string') return 'has none (neither expected nor chosen is given)'
    return text.trim() === '' ? 'has an empty one' : null
  } catch (error) {
    return `fails to give one: ${quoteUntrusted(error instanceof Error ? error.message : String(error), 120)}`
  }
}
