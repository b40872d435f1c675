/**
 * @file Cuts an eval's cases to a budget. Which cases stay is decided by the hash of their ids, so it does not change when cases are added,
 * and they come from all over the file rather than from its first templates.
 */
import { sha256 } from '../base/hash.ts'
import type { Case, Role } from '../eval/case.ts'
import { ROLES } from '../eval/case.ts'
import { roleAt, selectCases } from '../eval/cases/case-list.ts'
import type { Eval } from '../eval/eval.ts'
import type { SuiteBudget } from './suite.ts'

/** The eval with at most the budget's number of gate, twin and dev cases, in their old order. */
export function limitCases(source: Eval, budget: SuiteBudget): Eval {
  const { cases } = source
  const limits: Partial<Record<Role, number | undefined>> = { gate: budget.gateCases, twin: budget.twinCases, dev: budget.devCases }
  const byRole = new Map<Role, number[]>(ROLES.map((role) => [role, []]))
  for (let index = 0; index < cases.length; index++) byRole.get(roleAt(cases, index))?.push(index)
  const kept = new Map([...byRole].map(([role, indexes]) => [role, pickIndexes(cases, indexes, limits[role] ?? indexes.length)]))
  // After their cases, so that the budget's number is not spent on twins of cases that are gone.
  const dropped = droppedIds(cases, byRole, kept)
  const twins = (byRole.get('twin') ?? []).filter((index) => !dropped.has(cases[index]?.twinOf ?? ''))
  kept.set('twin', pickIndexes(cases, twins, limits.twin ?? twins.length))
  return { ...source, cases: selectCases(cases, rising([...kept.values()])) }
}

/** Ids of cases that a limit dropped. */
function droppedIds(
  cases: readonly Case[],
  all: ReadonlyMap<Role, readonly number[]>,
  kept: ReadonlyMap<Role, readonly number[]>,
): Set<string> {
  const ids = new Set<string>()
  for (const [role, indexes] of all) {
    const stays = kept.get(role) ?? []
    if (role === 'twin' || stays.length === indexes.length) continue
    const staying = new Set(stays)
    for (const index of indexes) if (!staying.has(index)) ids.add(cases[index]?.id ?? '')
  }
  return ids
}

function rising(lists: readonly (readonly number[])[]): number[] {
  return lists.flat().toSorted((a, b) => a - b)
}

/** `count` of the rows, chosen by the hash of their ids, in their old order. */
export function pickCases(rows: readonly Case[], count: number): readonly Case[] {
  if (rows.length <= count) return rows
  const indexes = Array.from({ length: rows.length }, (_, index) => index)
  return selectCases(rows, pickIndexes(rows, indexes, count))
}

/** Keeps no more than twice the wanted number of hashes at a time. */
function pickIndexes(rows: readonly Case[], indexes: readonly number[], count: number): readonly number[] {
  if (indexes.length <= count) return indexes
  let best: { readonly key: string; readonly index: number }[] = []
  const cut = (): void => void (best = best.toSorted((a, b) => (a.key < b.key ? -1 : 1)).slice(0, count))
  for (const index of indexes) {
    best.push({ key: sha256((rows[index] as Case).id), index })
    if (best.length > 2 * count + 1000) cut()
  }
  cut()
  return best.map(({ index }) => index).toSorted((a, b) => a - b)
}
