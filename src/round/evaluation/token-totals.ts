/**
 * @file Tokens that a grading asked and drew. What they cost is not its business.
 */
import type { GradeRecord } from '../../ledger/grade-record.ts'

export interface TokenTotals {
  /** Tokens of prompts as servers counted them; null where no record says. */
  readonly promptTokens: number | null
  /** Drawn tokens: as a server counted them, else the recorded token ids. */
  readonly completionTokens: number
  /** Completions of which neither is known. */
  readonly uncounted: number
}

/** Tokens of one completion; null where neither server nor engine said. */
export function completionTokens({ usage, tokenIds, completion }: GradeRecord): number | null {
  if (usage !== undefined) return usage.completionTokens
  return tokenIds.length > 0 || completion === '' ? tokenIds.length : null
}

/** Totals over records. */
export function tokenTotals(records: readonly GradeRecord[]): TokenTotals {
  const counted = records.flatMap(({ usage }) => (usage === undefined ? [] : [usage.promptTokens]))
  const drawn = records.map(completionTokens)
  return {
    promptTokens: counted.length === 0 ? null : counted.reduce((sum, count) => sum + count, 0),
    completionTokens: drawn.reduce<number>((sum, count) => sum + (count ?? 0), 0),
    uncounted: drawn.filter((count) => count === null).length,
  }
}
