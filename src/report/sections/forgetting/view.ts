/**
 * @file Forgetting under its published names: a row an arm, a column a metric, and the formula of each.
 */
import { MISSING, sharePoints, signedPoints } from '../../number-text.ts'
import type { Section } from '../../section.ts'
import { forgettingData } from './data.ts'
import type { ForgettingMembers } from './data.ts'

export interface ForgettingView {
  readonly metrics: readonly { readonly name: string; readonly formula: string; readonly source: string }[]
  readonly rows: readonly { readonly arm: string; readonly rounds: string; readonly values: readonly string[] }[]
}

/** Null where there are no lineages: two foreign models are compared. */
export function forgettingView(document: ForgettingMembers): ForgettingView | null {
  if (document.forgetting.length === 0) return null
  const metrics = document.forgetting.find((each) => each.metrics.length > 0)?.metrics ?? []
  return {
    metrics: metrics.map(({ name, formula, source }) => ({ name, formula, source })),
    rows: document.forgetting.map((each) => ({
      arm: each.arm,
      rounds: each.rounds.length === 0 ? 'none' : each.rounds.join(', '),
      values: metrics.map(({ name }) => valueText(name, each.metrics.find((own) => own.name === name)?.value ?? null)),
    })),
  }
}

export const forgetting = { name: 'forgetting', title: 'Forgetting', data: forgettingData, view: forgettingView } satisfies Section

/** An accuracy is a share; all others are differences. */
function valueText(metric: string, value: number | null): string {
  if (value === null) return MISSING
  return metric.startsWith('acc') ? sharePoints(value) : signedPoints(value)
}
