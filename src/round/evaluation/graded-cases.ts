/**
 * @file Grade records by case: the repeats of each, in their order, as what reducers take.
 */
import { canonicalJson } from '../../base/json.ts'
import type { Eval } from '../../eval/eval.ts'
import { answerAfterThinking, withoutThoughts } from '../../eval/thinking.ts'
import { clusterKey } from '../../gate/case-rules.ts'
import { normaliseText } from '../../grader/answer-text.ts'
import type { GradeRecord } from '../../ledger/grade-record.ts'
import { reduceRepeats } from '../../stats/reducers.ts'
import type { RepeatOutcome } from '../../stats/reducers.ts'

/** The parts of an eval that reading its grades needs. */
export type SummarisedEval = Pick<Eval, 'name' | 'parse' | 'thinking' | 'reducer' | 'sampling'>

/** One case with its repeats. */
export interface GradedCase {
  readonly caseId: string
  readonly cluster: string
  readonly twinOf: string | null
  readonly repeats: readonly RepeatOutcome[]
  readonly records: readonly GradeRecord[]
}

/** The cases of a grading in the order of its records. A case without cluster is a cluster by itself. */
export function gradedCases(records: readonly GradeRecord[], definition: SummarisedEval): readonly GradedCase[] {
  const byCase = new Map<string, GradeRecord[]>()
  for (const record of records) {
    const known = byCase.get(record.caseId)
    if (known === undefined) byCase.set(record.caseId, [record])
    else known.push(record)
  }
  return [...byCase].map(([caseId, own]) => {
    const sorted = own.toSorted((a, b) => a.repeat - b.repeat)
    const first = sorted[0] as GradeRecord
    const cluster = clusterKey(caseId, first.cluster)
    return { caseId, cluster, twinOf: first.twinOf, records: sorted, repeats: sorted.map((record) => outcomeOf(record, definition, own)) }
  })
}

/** The case's share of passes by the eval's reducer, 0 to 1; null where it could not be graded. */
export function reducedPass({ repeats }: GradedCase, reducer: string): number | null {
  return reduceRepeats(reducer, repeats.map(passOutcome))
}

/** The case's reward by the eval's reducer; null where it could not be graded. */
export function reducedReward({ repeats }: GradedCase, reducer: string): number | null {
  return reduceRepeats(reducer, repeats)
}

/** The same repeat with 1 and 0 for passed and failed as its value. */
export function passOutcome(repeat: RepeatOutcome): RepeatOutcome {
  return { ...repeat, value: repeat.pass === null ? null : Number(repeat.pass) }
}

function outcomeOf(record: GradeRecord, definition: SummarisedEval, repeats: readonly GradeRecord[]): RepeatOutcome {
  const { reward: value, pass } = record
  return { value, pass, answer: repeats.length === 1 ? '' : answerOf(record, definition) }
}

/** What the eval's parser made of the completion, evened out: answers that differ in case or white space vote together. */
function answerOf({ completion, finishReason }: GradeRecord, { parse, thinking }: SummarisedEval): string {
  const text = thinking === 'on' ? answerAfterThinking({ text: completion, finishReason }) : withoutThoughts(completion)
  if (parse === null) return normaliseText(text)
  try {
    const parsed = parse(text)
    return typeof parsed === 'string' ? normaliseText(parsed) : (canonicalJson(parsed) ?? '')
  } catch {
    // Such a completion was not graded either.
    return normaliseText(text)
  }
}
