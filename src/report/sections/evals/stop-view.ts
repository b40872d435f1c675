/**
 * @file The box that says why a training was stopped, with the completions behind it. Words only; every number comes from the document.
 */
import { minusSigns } from '../../number-text.ts'
import type { ReportedStop } from '../watch/data.ts'
import type { ReportedRound } from './data.ts'
import { excerpt, rewardText, stopText } from './stop-text.ts'
import type { StopText } from './stop-text.ts'

interface CompletionView {
  readonly reward: string
  /** Eval, where it is not the round's own, and case. */
  readonly caseName: string
  readonly isEmpty: boolean
  readonly head: readonly string[]
  /** Null when the head is the whole completion. */
  readonly rest: readonly string[] | null
  readonly restCount: string
}

export interface StopView extends StopText {
  readonly id: string
  /** Round and arm. */
  readonly part: string
  /** The first few; the others are folded away. */
  readonly completions: readonly CompletionView[]
  readonly more: readonly CompletionView[]
  readonly moreStart: number
}

const SHOWN_COMPLETIONS = 3

/** The box of one arm's round; null where the training was not stopped. */
export function stopView(reported: ReportedRound): StopView | null {
  const text = stopText(reported)
  if (text === null) return null
  const completions = (reported.stopped?.completions ?? []).map(completionView)
  return {
    ...text,
    reason: minusSigns(text.reason),
    id: `${reported.round}--${reported.arm}`,
    part: `${reported.round} · ${reported.arm}`,
    completions: completions.slice(0, SHOWN_COMPLETIONS),
    more: completions.slice(SHOWN_COMPLETIONS),
    moreStart: SHOWN_COMPLETIONS + 1,
  }
}

function completionView(completion: ReportedStop['completions'][number]): CompletionView {
  const { head, rest, restCount } = excerpt(completion.text)
  return {
    reward: rewardText(completion.reward),
    caseName: [completion.eval, completion.caseId].filter((part) => part !== '').join(' · '),
    isEmpty: completion.text === '',
    head: head.split('\n'),
    rest: rest?.split('\n') ?? null,
    restCount,
  }
}
