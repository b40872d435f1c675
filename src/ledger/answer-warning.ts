/**
 * @file Says when a model's answers to an eval are no answers: nearly all empty, or nearly all cut off at the limit of new tokens. Then a setting is wrong
 * more often than the model is bad, and a pass share of 0 does not show it.
 */
import type { GradeRecord } from './grade-record.ts'

/** What a warning says beside its code. */
export interface RunWarning {
  readonly code: string
  readonly message: string
}

/** Fewer answers than this show nothing where many evals are graded. */
const FEWEST_ANSWERS = 5
const NEARLY_ALL = 0.95

/**
 * The warning on the answers of one model to one eval; null where there is none, or fewer answers than `fewest` (default 5). Answers that a server failed
 * to give do not count.
 */
export function answerWarning(
  records: readonly Pick<GradeRecord, 'completion' | 'finishReason'>[],
  names: { readonly model: string; readonly evalName: string; readonly fewest?: number },
): RunWarning | null {
  const answers = records.filter(({ finishReason }) => finishReason !== 'error')
  if (answers.length < (names.fewest ?? FEWEST_ANSWERS)) return null
  const empty = answers.filter(({ completion, finishReason }) => completion.trim() === '' && finishReason !== 'tool-calls').length
  const cut = answers.filter(({ finishReason }) => finishReason === 'length').length
  const whose = `${names.model} to eval "${names.evalName}"`
  const share = (count: number): string => `${count} of ${answers.length} answers of ${whose}`
  if (empty >= NEARLY_ALL * answers.length)
    return {
      code: 'ANSWERS_EMPTY',
      message: `${share(empty)} are empty: look at the prompt, at a limit that thinking uses up, and at parse`,
    }
  if (cut >= NEARLY_ALL * answers.length)
    return { code: 'ANSWERS_CUT', message: `${share(cut)} are cut off at the limit: raise sampling.maxNewTokens, or look why none ends` }
  return null
}
