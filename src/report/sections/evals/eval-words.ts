/**
 * @file An eval's standing in its round, in words: what it was to the round, its verdict's mark, and what a reader should know beside the numbers.
 */
import { countText, intervalPoints, sharePoints, signedPoints } from '../../number-text.ts'
import type { Mark } from '../../outcome-mark.ts'
import type { ReportedEval } from './reported-eval.ts'

const VERDICTS: Readonly<Record<ReportedEval['verdict'], Mark>> = {
  IMPROVED: { symbol: '▲', word: 'improved', tone: 'good' },
  HELD: { symbol: '=', word: 'held', tone: 'good' },
  REGRESSED: { symbol: '▼', word: 'regressed', tone: 'bad' },
  INCONCLUSIVE: { symbol: '?', word: 'inconclusive', tone: 'open' },
}
const ROLE_WORDS: Readonly<Record<ReportedEval['role'], string>> = {
  target: 'target',
  old: 'old',
  future: 'future',
  none: 'never accepted',
}
const FLAG_WORDS: Readonly<Record<string, string>> = {
  smallButReal: 'small but real: the loss is proven, and smaller than the margin',
  noReserve: 'the parent is not above chance by the margin',
  overErrorBudget: 'too many cases could not be graded',
  overHardLimit: 'beyond the hard limit',
}

/** A missed target is marked as such; an eval that decides nothing has no colour. */
export function verdictMark(reported: ReportedEval): Mark {
  const missed = reported.role === 'target' && reported.flags.includes('missed')
  const mark = missed ? { symbol: '✕', word: 'missed', tone: 'bad' as const } : VERDICTS[reported.verdict]
  return reported.blocking ? mark : { ...mark, tone: 'mute' }
}

/** What an eval was to its round, in a word: advisory old evals need not be HELD, others may have been left out by the suite. */
export function roleWord({ role, blocking, mustHold }: ReportedEval): string {
  if (role !== 'old' || mustHold) return ROLE_WORDS[role]
  return blocking ? 'advisory' : 'not blocking'
}

export function evalNotes(reported: ReportedEval): string[] {
  const notes = reported.flags.flatMap((flag) => FLAG_WORDS[flag] ?? [])
  const anchor = reported.baselines.find((each) => each.baseline === 'anchor')
  if (anchor !== undefined && reported.role === 'old')
    notes.push(`against its anchor ${signedPoints(anchor.difference)} ${intervalPoints(anchor.interval)}`)
  if (reported.twins !== undefined) {
    const { pairs, caseShare, twinShare, gap, interval } = reported.twins
    notes.push(
      `${countText(pairs)} cases against their twins: ${sharePoints(caseShare)} and ${sharePoints(twinShare)}, gap ${signedPoints(gap)} ${intervalPoints(interval)}`,
    )
  }
  if (reported.errors > 0) notes.push(`${reported.errors} could not be graded`)
  if (reported.neededN !== null) notes.push(`about ${countText(Math.ceil(reported.neededN))} cases would settle it`)
  if (reported.relativeMargin !== undefined) notes.push(marginNote(reported.margin, reported.relativeMargin))
  if (reported.advisoryReason !== null && reported.role === 'old') notes.push(standingNote(reported.advisoryReason, reported.blocking))
  return notes
}

function marginNote(margin: number, { declared, share, anchorScore }: NonNullable<ReportedEval['relativeMargin']>): string {
  return `relative margin: ${sharePoints(margin)} points instead of ${sharePoints(declared)}, ${sharePoints(share)} % of what the anchor has above chance (${sharePoints(anchorScore)} on dev cases)`
}

function standingNote(reason: string, blocking: boolean): string {
  return blocking ? `advisory: ${reason}; HELD is not asked of it, a proven loss blocks` : `${reason}: no loss of it blocks`
}
