/**
 * @file The words of a stopped training, the same in page, Markdown summary and JUnit file, and excerpts of the completions behind it.
 * Plain text: whoever prints it escapes it.
 */
import { countText } from '../../number-text.ts'
import type { ReportedStop } from '../watch/data.ts'
import type { ReportedRound } from './data.ts'

export interface StopText {
  /** "Training stopped at step 40: suspected reward hacking". */
  readonly title: string
  /** "stopped at step 40". */
  readonly mark: string
  /** The watch's own sentence. */
  readonly reason: string
  /** What became of the round: "The candidate is the last good checkpoint, step 30." */
  readonly kept: string
}

/** Null where the training was not stopped. */
export function stopText({ stopped, chosenStep }: ReportedRound): StopText | null {
  if (stopped === undefined) return null
  const reason = /[.!?]$/.test(stopped.reason) ? stopped.reason : `${stopped.reason}.`
  return {
    title: `Training stopped at step ${stopped.step}: suspected reward hacking`,
    mark: `stopped at step ${stopped.step}`,
    reason: `${reason.charAt(0).toUpperCase()}${reason.slice(1)}`,
    kept: keptText(stopped.lastGoodStep, chosenStep),
  }
}

function keptText(lastGoodStep: number | null, chosenStep: number | null): string {
  const candidate = chosenStep === null ? 'There is no candidate' : `The candidate is the checkpoint of step ${chosenStep}`
  if (lastGoodStep === null) return `${candidate}.`
  if (lastGoodStep === chosenStep) return `The candidate is the last good checkpoint, step ${chosenStep}.`
  return `${candidate}; ${lastGoodStep === 0 ? 'only the parent was still good' : `the last good checkpoint is step ${lastGoodStep}`}.`
}

/** A completion's beginning, and its rest where it is long. */
export interface Excerpt {
  readonly head: string
  readonly rest: string | null
  /** Length of the rest in characters, for people. */
  readonly restCount: string
}

const LONGEST_CHARACTERS = 480
const MOST_LINES = 10
/** A rest shorter than this is not worth hiding. */
const SHORTEST_REST = 80

/** Cut between characters, or after the line that makes it tall enough. */
export function excerpt(text: string): Excerpt {
  const characters = Array.from(text)
  let end = 0
  for (let lines = 0; end < characters.length && end < LONGEST_CHARACTERS && lines < MOST_LINES; end++) {
    if (characters[end] === '\n') lines++
  }
  const rest = characters.slice(end)
  const isShort = rest.length < SHORTEST_REST && !rest.includes('\n')
  return isShort
    ? { head: text, rest: null, restCount: '' }
    : { head: characters.slice(0, end).join(''), rest: rest.join(''), restCount: countText(rest.length) }
}

/** One line for files that have no pages: shortened, line ends as "↵". */
export function completionLine({ caseId, eval: evalName, reward, text }: ReportedStop['completions'][number]): string {
  const characters = Array.from(text)
  const shown = characters.slice(0, LINE_CHARACTERS).join('').replaceAll('\n', '↵')
  const more = characters.length > LINE_CHARACTERS ? `… (${characters.length} characters)` : ''
  return `reward ${rewardText(reward)}, case ${evalName === '' ? '' : `${evalName}/`}${caseId}: ${text === '' ? '(empty)' : shown}${more}`
}

const LINE_CHARACTERS = 200

/** A reward, 0 to 1, to three digits at most. */
export function rewardText(reward: number): string {
  return String(Number(reward.toFixed(3)))
}
