/**
 * @file Gives rows their ids and roles and checks what they mean to each other: ids are unique, twins name a case.
 */
import { hashJson } from '../base/hash.ts'
import { quoteUntrusted } from '../base/untrusted-text.ts'
import type { Case } from './case.ts'
import { defaultRole } from './default-role.ts'
import { CaseIdDuplicateError, CasesEmptyError, CaseTwinError } from './errors.ts'
import type { PlacedRow } from './load-cases.ts'

/**
 * Cases in the order of their rows.
 * @throws CasesEmptyError, CaseIdDuplicateError, CaseTwinError
 */
export function completeCases(rows: readonly PlacedRow[], evalName: string, origin: string): readonly Case[] {
  if (rows.length === 0) throw new CasesEmptyError(evalName, origin)
  const placed = new Map<string, { readonly row: Case; readonly place: string }>()
  for (const { row: input, place } of rows) {
    const id = input.id ?? hashJson([input.input, input.expected])
    const earlier = placed.get(id)
    if (earlier !== undefined) throw new CaseIdDuplicateError(evalName, id, [earlier.place, place])
    if (input.twinOf !== undefined && input.role === undefined) throw new CaseTwinError(evalName, place, 'it has twinOf but no role')
    const row: Case = { ...input, id, role: input.role ?? defaultRole(input, id), tags: input.tags ?? [] }
    placed.set(id, { row, place })
  }
  for (const { row, place } of placed.values()) {
    const problem = twinProblem(row, placed.get(row.twinOf ?? '')?.row)
    if (problem !== undefined) throw new CaseTwinError(evalName, place, problem)
  }
  return [...placed.values()].map(({ row }) => row)
}

function twinProblem(row: Case, original: Case | undefined): string | undefined {
  if (row.role === 'twin' && row.twinOf === undefined) return 'it has role "twin" but no twinOf'
  if (row.twinOf === undefined) return undefined
  if (row.role !== 'twin') return `it has twinOf but role "${row.role}"`
  if (original === undefined) return `twinOf names ${quoteUntrusted(row.twinOf)}, which is no case of this eval`
  return original.role === 'twin' ? `twinOf names ${quoteUntrusted(row.twinOf)}, which is a twin itself` : undefined
}
