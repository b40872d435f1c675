/**
 * @file The one sentence that says why a round ended as it did: the gate's own first reason, or what became of a round without a verdict.
 */
import { quoteUntrusted } from '../base/untrusted-text.ts'
import type { LineageRound } from './lineage.ts'

/** For example "extract-json REGRESSED against parent: -7.3 points [90 % CI -12.3, -3.1], p = 0.025 after Holm, 14 lost, 3 gained of 150". */
export function decidingFact(entry: LineageRound): string {
  const { verdict, events } = entry.recorded
  if (verdict !== null) return verdict.reasons[0] ?? 'no reason was recorded'
  const last = events.at(-1)
  if (last?.type === 'lost') return `the trainer was lost: ${last.code}, ${quoteUntrusted(last.message, 160)}`
  if (entry.outcome === 'LOST') return 'the trainer was lost, or this lineage had ended before'
  return events.length > 0 ? 'the run ended during this round' : 'the run ended before this round'
}
