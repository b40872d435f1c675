/**
 * @file Grades the completions of a chunk: at once where the graders answer at once, else a bounded number at a time. The order of the records is that of
 * the cases, whatever order the grades come in.
 */
import type { GradingFields } from '../ledger/grade-lines.ts'
import type { GradeRecord } from '../ledger/grade-record.ts'
import type { AnsweredChunk } from './answer-chunks.ts'
import { gradeAnswer } from './grade-completion.ts'
import { gradeRecordOf } from './grade-record-of.ts'
import type { GradingSetup } from './grade-record-of.ts'
import { settleBounded } from './settle-bounded.ts'

/** Completions whose graders may be waited for at once: judges are asked over a network, programs run on this machine's few cores. */
export const GRADED_AT_ONCE = 8

/** One record per case and repeat. */
export async function gradeChunk(setup: GradingSetup, shared: GradingFields, chunk: AnsweredChunk): Promise<GradeRecord[]> {
  const { eval: definition, profile, models } = setup
  const answers = chunk.prepared.flatMap((prepared, index) =>
    (chunk.completions[index] ?? []).map((completion, repeat) => ({ prepared, repeat, completion })),
  )
  return settleBounded(answers, GRADED_AT_ONCE, (answer) => {
    const { prepared, completion } = answer
    const grade = gradeAnswer(definition, prepared.row, { completion, profile, messages: prepared.messages, models })
    return grade instanceof Promise
      ? grade.then((given) => gradeRecordOf(shared, answer, { completion, grade: given }))
      : gradeRecordOf(shared, answer, { completion, grade })
  })
}
