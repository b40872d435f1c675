/**
 * @file The one sentence that says why a round ended as it did: the gate's own first reason, or what became of a round without a verdict.
 */
import { quoteUntrusted } from '../base/untrusted-text.ts'
import type { LineageRound } from './lineage.ts'

const LONGEST_MESSAGE = 160

/** Whether the sentence repeats a lost trainer's message whole: it is short and has one line. */
export function quotedWhole(message: string): boolean {
  return message.length <= LONGEST_MESSAGE && !message.includes('\n')
}

/** For example "extract-json REGRESSED against parent: -7.3 points [90 % CI -12.3, -3.1], p = 0.025 after Holm, 14 lost, 3 gained of 150". */
export function decidingFact(entry: LineageRound): string {
  const { verdict, events } = entry.recorded
  if (verdict !== null) return verdict.reasons[0] ?? 'no reason was recorded'
  const last = events.at(-1)
  if (last?.type === 'lost') return `the trainer was lost: ${last.code}, ${quoteUntrusted(firstSentence(last), LONGEST_MESSAGE)}`
  if (entry.outcome === 'LOST' && last?.type === 'stopped') return `the training was stopped and left no checkpoint: ${last.reason}`
  if (entry.outcome === 'LOST') return 'the trainer was lost, or this lineage had ended before'
  return events.length > 0 ? 'the run ended during this round' : 'the run ended before this round'
}

/** A message of our own form has its code in front, and below it where and how to mend it. */
function firstSentence({ code, message }: { readonly code: string; readonly message: string }): string {
  const line = message.split('\n', 1)[0] ?? ''
  return line.startsWith(`${code}  `) ? line.slice(code.length + 2) : line
}
