/**
 * @file The suite's graders as rewards for training: the strict profile, training cases only, those of replayed features included.
 */
import { quoteUntrusted } from '../base/untrusted-text.ts'
import type { Completion } from '../eval/completion.ts'
import { caseById } from '../eval/cases/case-list.ts'
import type { Case } from '../eval/case.ts'
import type { Eval } from '../eval/eval.ts'
import type { GraderModels } from '../eval/grader.ts'
import { RewardRefusedError } from './errors.ts'
import { GRADED_AT_ONCE } from './grade-chunk.ts'
import { gradeAnswer } from './grade-completion.ts'
import type { CompletionGrade } from './grade-completion.ts'
import { settleBounded } from './settle-bounded.ts'

/** One completion to reward or to grade. `eval` is empty for the round's own feature, else it names the eval that a replayed case comes from. */
export interface RewardRequest {
  readonly caseId: string
  readonly eval: string
  readonly completion: Completion
}

/** Asks the suite's graders for rewards (profile `reward`), in the order of the requests; null means "could not be graded" and is never 0. */
export type RewardFunction = (requests: readonly RewardRequest[]) => Promise<readonly (number | null)[]>

/** The feature that a round trains, and earlier ones whose cases are replayed in it. */
export interface RewardedEvals {
  readonly own: Eval
  readonly replayed: readonly Eval[]
}

/**
 * Rewards by the evals' graders, which may ask `models`. `onGrade` sees each whole grade, in the order of the requests, for counting errors and formats; it is
 * given the request that was passed in.
 * @throws RewardRefusedError (from the returned function) for a case that is not a training case, and for an eval that is not among them
 */
export function createRewardFunction(
  definitions: Eval | RewardedEvals,
  onGrade?: (request: RewardRequest, grade: CompletionGrade) => void,
  models?: GraderModels,
): RewardFunction {
  const { own, replayed } = 'kind' in definitions ? { own: definitions, replayed: [] } : definitions
  const rewarded = new Map([...replayed, own].map((definition) => [definition.name, definition]))
  rewarded.set('', own)
  return async (requests) => {
    const asked = requests.map((request) => ({ request, ...trainingCase(rewarded, request) }))
    const grades = await settleBounded(asked, GRADED_AT_ONCE, ({ request: { completion }, definition, row }) =>
      gradeAnswer(definition, row, { completion, profile: 'reward', messages: definition.messages.get(row.id), models }),
    )
    for (const [index, grade] of grades.entries()) onGrade?.(requests[index] as RewardRequest, grade)
    return grades.map(({ reward }) => reward)
  }
}

/** Why completions got no grade, by request. */
export interface ErrorNotes {
  /** For `onGrade`. */
  readonly onGrade: (request: RewardRequest, grade: CompletionGrade) => void
  /** Code and message of the first error of a request that got no grade; null when there is none. */
  readonly whyUngraded: (request: RewardRequest) => string | null
}

/** Keeps the errors of ungraded completions for as long as their requests live. */
export function createErrorNotes(): ErrorNotes {
  const notes = new WeakMap<RewardRequest, string>()
  return {
    onGrade: (request, { reward, errors: [first] }) => {
      if (reward === null && first !== undefined) notes.set(request, `${first.code}: ${first.message}`)
    },
    whyUngraded: (request) => notes.get(request) ?? null,
  }
}

function trainingCase(rewarded: ReadonlyMap<string, Eval>, request: RewardRequest): { readonly definition: Eval; readonly row: Case } {
  const definition = rewarded.get(request.eval)
  const row = definition === undefined ? undefined : caseById(definition.cases, request.caseId)
  if (definition !== undefined && row?.role === 'train') return { definition, row }
  // The name may come from another process: the quotes are the message's own.
  const name = definition?.name ?? quoteUntrusted(request.eval).slice(1, -1)
  throw new RewardRefusedError({ evalName: name, caseId: request.caseId, role: row?.role ?? null })
}
