/**
 * @file The grading of one evaluation: into a folder of unfinished evaluations first, so that what was interrupted can be gone on with.
 */
import { resolve } from 'node:path'
import { displayPath } from '../../base/display-path.ts'
import { hashJson } from '../../base/hash.ts'
import type { Case, Role } from '../../eval/case.ts'
import type { Eval } from '../../eval/eval.ts'
import { gradeCases } from '../../grading/grade-cases.ts'
import { createGraderModels } from '../../grading/grader-models.ts'
import type { GraderModelsOptions } from '../../grading/grader-models.ts'
import type { GradeRecord } from '../../ledger/grade-record.ts'
import type { Model } from '../../model/model.ts'
import { EvaluationInterruptedError } from '../errors.ts'
import { SHARED_PART } from '../reporter.ts'
import type { Reporter } from '../reporter.ts'
import type { RunEvent } from '../run-event.ts'
import { failureWarnings } from '../server-warnings.ts'
import { openEvaluation } from './unfinished-evaluation.ts'
import type { ResumeEvaluation } from './unfinished-evaluation.ts'

/** What to grade, and on which terms. */
export interface EvaluationGrading {
  readonly evaluated: Eval
  readonly cases: readonly Case[]
  readonly model: Model
  /** How the models are opened that graders ask. */
  readonly asked: Omit<GraderModelsOptions, 'journal'>
  readonly roles: readonly Role[]
  readonly limit?: number | undefined
  readonly seed?: number | undefined
  /** Folder of reports. Default `reports`. */
  readonly directory?: string | undefined
  readonly resume?: ResumeEvaluation | undefined
  readonly signal?: AbortSignal | undefined
}

/** The grades and their file. @throws EvaluationInterruptedError, NoEvaluationToResumeError, and the errors of gradeCases */
export async function gradeEvaluation(
  grading: EvaluationGrading,
  reporter: Reporter,
): Promise<{ readonly records: readonly GradeRecord[]; readonly file: string }> {
  const { evaluated, cases, model, asked, roles, limit = null, seed = 0, signal } = grading
  const name = `${evaluated.name}-${hashJson([model.identity, roles, limit, seed, evaluated.sampling])}`
  const context = { run: name, suiteHash: 'none', suiteSeed: seed, arm: null, round: null, step: null, trainingSeeds: null, parent: null }
  const reports = resolve(grading.directory ?? 'reports')
  const evaluation = openEvaluation({ reports, evalName: evaluated.name, name, resume: grading.resume ?? false })
  if (evaluation.earlier !== null) reporter.tell(earlierWarning(evaluation.earlier))
  const models = createGraderModels({ ...asked, journal: () => evaluation.directory })
  let answered = { done: 0, total: 0 }
  try {
    const records = await reporter.phase(SHARED_PART, { phase: 'grading', label: evaluated.name }, (phase) =>
      gradeCases({
        eval: evaluated,
        cases,
        model,
        purpose: roles.includes('gate') ? 'gate' : 'dev',
        context,
        ledgerFile: evaluation.ledgerFile,
        models,
        onProgress: (now) => {
          answered = now
          phase.progress(now.done, now.total, now.tokens)
        },
        onFailure: failureWarnings(reporter),
        signal,
      }),
    )
    await models.close()
    return { records, file: evaluation.finish() }
  } catch (error) {
    await models.close()
    evaluation.stop(answered.done > 0)
    if (answered.done > 0) reporter.tell(keptWarning(evaluation.directory, answered))
    throw signal?.aborted === true ? new EvaluationInterruptedError({ directory: evaluation.directory }) : error
  }
}

function earlierWarning(directory: string): RunEvent {
  const message = `An interrupted evaluation of the same cases lies in ${displayPath(directory)}; this one begins anew, and --resume would go on with that one`
  return { type: 'warning', code: 'EVAL_UNFINISHED', message }
}

function keptWarning(directory: string, { done, total }: { readonly done: number; readonly total: number }): RunEvent {
  const where = `${done} of ${total} completions were answered and are kept (${displayPath(directory)})`
  return {
    type: 'warning',
    code: 'EVAL_KEPT',
    message: `${where}; the same evaluation goes on with them with --resume (resume: true in code, HOLDFAST_RESUME=1 under vitest)`,
  }
}
