/**
 * @file One grading of an eval that one or many tests look at: started by the first that asks.
 */
import type { EvalDefinition } from '../../eval/eval.ts'
import type { EvaluateOptions, EvaluationResult } from '../../round/evaluate.ts'
import { caseResults } from './case-results.ts'
import type { CaseResult } from './case-results.ts'
import type { EvalSettings } from '../evals-project.ts'
import { signOfLife } from './sign-of-life.ts'
import { lostCases, readLastPassed, remember } from './last-passed.ts'

/** An eval file and how it is to be run. */
export interface EvalUnderTest {
  readonly definition: EvalDefinition
  readonly file: string
  readonly settings: EvalSettings & { readonly model: string }
  /** What `evaluateEval` takes as its model. */
  readonly open: () => Promise<EvaluateOptions['model']>
}

/** What the tests of an eval look at. */
export interface EvalOutcome {
  readonly result: EvaluationResult
  readonly cases: readonly CaseResult[]
  /** Cases that passed when the test last passed and fail now. */
  readonly lost: readonly CaseResult[]
  /** The model and the grades that `lost` is told against; null on a first run. */
  readonly before: { readonly model: string; readonly gradesFile: string } | null
  /** Why the test fails, null when it passes. */
  readonly problem: 'ungraded' | 'below-min-pass' | null
}

/** A grading that begins when it is first asked for. */
export function lazyEvaluation(test: EvalUnderTest): () => Promise<EvalOutcome> {
  let running: Promise<EvalOutcome> | null = null
  return () => {
    running ??= evaluate(test)
    return running
  }
}

async function evaluate(test: EvalUnderTest): Promise<EvalOutcome> {
  const { definition, file, settings } = test
  // Loaded only now: where nothing is graded, no engine is loaded either.
  const { evaluateEval } = await import('../../round/evaluate.ts')
  const { base, roles, limit, directory, seed, device } = settings
  const resume = process.env['HOLDFAST_RESUME'] === '1' && ('if-any' as const)
  const life = signOfLife(definition.options.name)
  const { onEvent } = life
  const given = { definition, file, base, roles, limit, directory, seed, device, resume, onEvent }
  const result = await test
    .open()
    .then((model) => evaluateEval({ ...given, model }))
    .finally(() => life.end())
  const memory = { directory, project: settings.project, evalName: result.evalName }
  const before = readLastPassed(memory)
  const cases = caseResults(result.records)
  const problem = problemOf(result, definition.options.minPass ?? null, settings.errorBudgetShare)
  remember(memory, before, { model: settings.model, gradesFile: result.file, cases, good: problem === null })
  return { result, cases, lost: lostCases(before, cases), before, problem }
}

/** A share below `minPass` counts only among enough grades: too many missing ones come first. */
function problemOf(result: EvaluationResult, minPass: number | null, errorBudgetShare: number): EvalOutcome['problem'] {
  if (result.cases === 0 || result.errors === result.cases || result.errors > errorBudgetShare * result.cases) return 'ungraded'
  return minPass !== null && result.passShare < minPass - 1e-12 ? 'below-min-pass' : null
}
