/**
 * @file The outcomes of a round, each with its symbol, word and colour class: one table, so that a colour never stands alone and a symbol never
 * changes meaning.
 */
import { z } from 'zod'

/** Outcome of one arm's round. LOST: the trainer died. UNFINISHED: the run ended before there was a verdict. */
export const outcomeSchema = z.enum(['ACCEPTED', 'BLOCKED', 'INCONCLUSIVE', 'LOST', 'UNFINISHED'])
export type Outcome = z.infer<typeof outcomeSchema>

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

export function outcomeMark(outcome: Outcome): Mark {
  return OUTCOMES[outcome]
}
