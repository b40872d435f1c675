/**
 * @file What an eval's test looks at, from a few cases: enough of a grade record for messages and comparisons.
 */
import { DEFAULT_SAMPLING } from '../../src/eval/eval-options.ts'
import { summariseEvaluation } from '../../src/round/evaluation/evaluation-summary.ts'
import type { GradeRecord } from '../../src/ledger/grade-record.ts'
import { caseResults } from '../../src/vitest/evals/case-results.ts'
import type { CaseResult } from '../../src/vitest/evals/case-results.ts'
import type { EvalOutcome } from '../../src/vitest/evals/evaluate-as-test.ts'

/** A case with what the model gave, and whether that passed; null for a grade that could not be given. */
export interface MadeCase {
  readonly id: string
  readonly pass: boolean | null
  readonly gave?: string
  readonly asked?: string
  readonly repeat?: number
}

/** Records of such cases. */
export function recordOf({ id, pass, gave = 'something', asked = 'asked', repeat = 0 }: MadeCase): GradeRecord {
  const error =
    pass === null ? { errorCode: 'GRADER_THREW', errorMessage: 'grader "a" threw "b"' } : { errorCode: null, errorMessage: null }
  const hashes = { messages: asked, gold: 'gold', grader: 'grader', sampling: 'sampling' }
  return {
    caseId: id,
    repeat,
    pass,
    reward: pass === null ? null : Number(pass),
    completion: gave,
    audit: {},
    tokenIds: [],
    cluster: null,
    twinOf: null,
    hashes,
    ...error,
  } as unknown as GradeRecord
}

/** Results by case. */
export function resultsOf(...cases: readonly MadeCase[]): readonly CaseResult[] {
  return caseResults(cases.map(recordOf))
}

/** An outcome with the given cases, of which the named ones are lost. */
export function outcomeOf(cases: readonly MadeCase[], lostIds: readonly string[] = []): EvalOutcome {
  const records = cases.map(recordOf)
  const results = caseResults(records)
  const graded = records.filter(({ pass }) => pass !== null)
  const passed = graded.filter(({ pass }) => pass === true).length
  const passShare = graded.length === 0 ? 0 : passed / graded.length
  const counts = { cases: records.length, passed, errors: records.length - graded.length, passShare, meanReward: passShare }
  return {
    result: {
      rewardPassShare: null,
      warnings: [],
      ...{ evalName: 'refill', ...counts, interval: [0.25, 0.75] as const, records, file: 'reports/vitest/evals/refill-now.jsonl' },
      summary: summariseEvaluation(records, { name: 'refill', parse: null, reducer: 'mean', sampling: DEFAULT_SAMPLING }),
    },
    cases: results,
    lost: results.filter(({ caseId }) => lostIds.includes(caseId)),
    before: lostIds.length === 0 ? null : { model: 'models/nano', gradesFile: 'reports/vitest/evals/refill-then.jsonl' },
    problem: null,
  }
}
