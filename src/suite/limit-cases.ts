/**
 * @file Cuts an eval's cases to a budget. Which cases stay is decided by the hash of their ids, so it does not change when cases are added,
 * and they come from all over the file rather than from its first templates.
 */
import { sha256 } from '../base/hash.ts'
import type { Case, Role } from '../eval/case.ts'
import type { Eval } from '../eval/eval.ts'
import type { SuiteBudget } from './suite.ts'

/** The eval with at most the budget's number of gate, twin and dev cases, in their old order. */
export function limitCases(source: Eval, budget: SuiteBudget): Eval {
  const limits: Partial<Record<Role, number | undefined>> = { gate: budget.gateCases, twin: budget.twinCases, dev: budget.devCases }
  const kept = new Set<string>()
  const keep = (role: Role, rows: readonly Case[]): void => {
    for (const row of pickCases(rows, limits[role] ?? rows.length)) kept.add(row.id)
  }
  const [twins, others] = [source.cases.filter((row) => row.role === 'twin'), source.cases.filter((row) => row.role !== 'twin')]
  for (const role of new Set(others.map((row) => row.role))) {
    keep(
      role,
      others.filter((row) => row.role === role),
    )
  }
  // After their cases, so that the budget's number is not spent on twins of cases that are gone.
  keep(
    'twin',
    twins.filter((row) => kept.has(row.twinOf ?? '')),
  )
  return { ...source, cases: source.cases.filter((row) => kept.has(row.id)) }
}

/** `count` of the rows, chosen by the hash of their ids, in their old order. */
export function pickCases(rows: readonly Case[], count: number): Case[] {
  if (rows.length <= count) return [...rows]
  const order = rows.map((row, index) => ({ key: sha256(row.id), index })).toSorted((a, b) => (a.key < b.key ? -1 : 1))
  const chosen = new Set(order.slice(0, count).map((entry) => entry.index))
  return rows.filter((_, index) => chosen.has(index))
}
