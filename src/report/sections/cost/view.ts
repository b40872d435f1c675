/**
 * @file What a run cost: a row for each round, arm and phase, and the time in all.
 */
import { bytesText, countText, durationText } from '../../number-text.ts'
import type { Section } from '../../section.ts'
import { costData } from './data.ts'
import type { CostMembers, ReportedCost } from './data.ts'

export interface CostView {
  readonly costs: readonly Readonly<Record<string, string>>[]
  readonly total: string
}

export function costView({ costs }: CostMembers): CostView {
  return { costs: costs.map(costRow), total: durationText(costs.reduce((sum, each) => sum + each.seconds, 0)) }
}

export const cost = { name: 'cost', title: 'Cost', data: costData, view: costView } satisfies Section

function costRow(each: ReportedCost): Record<string, string> {
  return {
    part: [each.round, each.arm].filter((name) => name !== null).join(' · ') || 'all arms',
    phase: each.phase,
    seconds: durationText(each.seconds),
    tokens: countText(each.tokens),
    rate: countText(each.tokensPerSecond),
    memory: bytesText(each.peakResidentBytes),
  }
}
