/**
 * @file The grades of an eval by case, for messages: which cases passed, which failed and with what, which could not be graded.
 */
import { casePassed } from '../../gate/case-rules.ts'
import type { GradeRecord } from '../../ledger/grade-record.ts'

/** One case over its repeats. It passes when at least half of its graded repeats do, and is ungraded when none could be graded. */
export interface CaseResult {
  readonly caseId: string
  readonly state: 'passed' | 'failed' | 'ungraded'
  /** What the model was asked, how, what it was to answer and what graded it, as hashes: a case of which one changed is another case. */
  readonly hash: string
  /** The first record that did not pass, else the first. */
  readonly record: GradeRecord
}

/** One result for each case, in the order of the records. */
export function caseResults(records: readonly GradeRecord[]): readonly CaseResult[] {
  const byCase = new Map<string, GradeRecord[]>()
  for (const record of records) {
    const known = byCase.get(record.caseId)
    if (known === undefined) byCase.set(record.caseId, [record])
    else known.push(record)
  }
  return [...byCase].map(([caseId, repeats]) => {
    const first = repeats[0] as GradeRecord
    const state = stateOf(repeats)
    const record = state === 'ungraded' ? first : (repeats.find(({ pass }) => pass === false) ?? first)
    const { messages, gold, grader, sampling } = first.hashes
    return { caseId, state, hash: [messages, gold, grader, sampling].join(' '), record }
  })
}

function stateOf(repeats: readonly GradeRecord[]): CaseResult['state'] {
  const graded = repeats.filter(({ pass }) => pass !== null)
  if (graded.length === 0) return 'ungraded'
  return casePassed(graded.filter(({ pass }) => pass === true).length, graded.length) ? 'passed' : 'failed'
}
