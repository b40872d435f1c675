/**
 * @file The symbol, word and colour class of each outcome and verdict: one table, so that a colour never stands alone and a symbol never changes meaning.
 */
import type { Outcome, ReportedEval } from './document.ts'

export interface Mark {
  readonly symbol: string
  readonly word: string
  /** Style class: good, bad, open or mute. */
  readonly tone: 'good' | 'bad' | 'open' | 'mute'
}

const OUTCOMES: Readonly<Record<Outcome, Mark>> = {
  ACCEPTED: { symbol: '✓', word: 'accepted', tone: 'good' },
  BLOCKED: { symbol: '✕', word: 'blocked', tone: 'bad' },
  INCONCLUSIVE: { symbol: '?', word: 'inconclusive', tone: 'open' },
  LOST: { symbol: '∅', word: 'lost', tone: 'mute' },
  UNFINISHED: { symbol: '…', word: 'unfinished', tone: 'mute' },
}

const VERDICTS: Readonly<Record<ReportedEval['verdict'], Mark>> = {
  IMPROVED: { symbol: '▲', word: 'improved', tone: 'good' },
  HELD: { symbol: '=', word: 'held', tone: 'good' },
  REGRESSED: { symbol: '▼', word: 'regressed', tone: 'bad' },
  INCONCLUSIVE: { symbol: '?', word: 'inconclusive', tone: 'open' },
}

export function outcomeMark(outcome: Outcome): Mark {
  return OUTCOMES[outcome]
}

/** A missed target is marked as such; an eval that decides nothing has no colour. */
export function verdictMark(reported: ReportedEval): Mark {
  const missed = reported.role === 'target' && reported.flags.includes('missed')
  const mark = missed ? { symbol: '✕', word: 'missed', tone: 'bad' as const } : VERDICTS[reported.verdict]
  return reported.blocking ? mark : { ...mark, tone: 'mute' }
}
