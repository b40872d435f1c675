/**
 * @file Times, rates and peak memory by round, arm and phase, added up from telemetry. Outside every claim of equal bytes.
 */
import { z } from 'zod'
import type { Telemetry } from '../../../ledger/run-records.ts'
import { figure } from '../../number-schema.ts'
import { documentPart } from '../../section.ts'
import type { Members } from '../../section.ts'

const reportedCostSchema = z.strictObject({
  round: z.string().nullable(),
  arm: z.string().nullable(),
  phase: z.string(),
  seconds: z.number(),
  tokens: figure,
  tokensPerSecond: figure,
  peakResidentBytes: figure,
})

export type ReportedCost = z.infer<typeof reportedCostSchema>

const shape = { costs: z.array(reportedCostSchema) }

export type CostMembers = Members<typeof shape>

export const costData = documentPart(shape, ({ telemetry }): CostMembers => ({ costs: costSummary(telemetry) }))

/** One row for each round, arm and phase, in order of first appearance. Tokens per second count only entries that report tokens. */
function costSummary(telemetry: readonly Telemetry[]): ReportedCost[] {
  const groups = new Map<string, Telemetry[]>()
  for (const entry of telemetry) {
    const key = JSON.stringify([entry.round, entry.arm, entry.phase])
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [entry])
    else group.push(entry)
  }
  return [...groups.values()].map(summarise)
}

function summarise(entries: readonly Telemetry[]): ReportedCost {
  const first = entries[0] as Telemetry
  const withTokens = entries.filter((entry) => entry.tokens !== null)
  const tokens = withTokens.reduce((sum, entry) => sum + (entry.tokens ?? 0), 0)
  const tokenSeconds = withTokens.reduce((sum, entry) => sum + entry.seconds, 0)
  const resident = entries.flatMap((entry) => (entry.residentBytes === null ? [] : [entry.residentBytes]))
  return {
    round: first.round,
    arm: first.arm,
    phase: first.phase,
    seconds: entries.reduce((sum, entry) => sum + entry.seconds, 0),
    tokens: withTokens.length === 0 ? null : tokens,
    tokensPerSecond: tokens === 0 || tokenSeconds === 0 ? null : tokens / tokenSeconds,
    peakResidentBytes: resident.length === 0 ? null : resident.reduce((a, b) => Math.max(a, b), 0),
  }
}
