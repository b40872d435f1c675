/**
 * @file Makes cases of rows: maps their fields, checks each by itself, gives ids and roles, and checks what they mean to each other: ids are unique,
 * twins name a case.
 */
import type { HoldfastError } from '../../base/errors.ts'
import { hashJson } from '../../base/hash.ts'
import { canonicalJson } from '../../base/json.ts'
import { deriveSeed } from '../../base/seeded-random.ts'
import { quoteUntrusted } from '../../base/untrusted-text.ts'
import type { Case, CaseInput, Role } from '../case.ts'
import { caseInputSchema } from '../case.ts'
import { CaseTable } from './case-table.ts'
import type { CaseTableOptions } from './case-table.ts'
import type { ExpectedCheck } from '../check-expected.ts'
import type { FieldMapping, OnBadRow, OnDuplicate, RoleShares } from '../case-source.ts'
import { CaseIdDuplicateError, CaseInvalidError, CasesEmptyError, CaseTwinError } from '../errors.ts'
import { IntakeCounts } from './intake.ts'
import type { Intake } from './intake.ts'
import { RepeatedRows } from './repeated-rows.ts'
import type { RepeatableRow } from './repeated-rows.ts'
import { RowLocations } from './row-locations.ts'
import { problemsOf } from '../problems.ts'
import { mapFields } from '../source/map-fields.ts'
import type { SourcedRow } from '../source/read-source.ts'
import { suggestFields } from '../source/suggest-fields.ts'

/** How cases without a role are shared out. Curve and twin cases are always chosen by hand. */
const DEFAULT_SHARES: Readonly<Record<'train' | 'dev' | 'gate', number>> = { train: 0.5, dev: 0.1, gate: 0.4 }

/** What the eval says of its rows. */
export interface CaseRules {
  readonly evalName: string
  readonly origin: string
  readonly fields?: FieldMapping | undefined
  readonly shares?: RoleShares | undefined
  readonly onDuplicate?: OnDuplicate | undefined
  readonly onBadRow?: OnBadRow | undefined
  /** Sees each case. */
  readonly check?: Pick<ExpectedCheck, 'see'> | undefined
}

/** The cases of an eval, in the order of their rows, and what became of rows that are none. */
export interface CompletedCases {
  readonly table: CaseTable
  readonly intake: Intake
}

/** @throws CaseInvalidError, CasesEmptyError, CaseIdDuplicateError, CaseTwinError, and what reading the rows throws */
export async function completeCases(
  rows: AsyncIterable<SourcedRow>,
  rules: CaseRules,
  packing: CaseTableOptions = {},
): Promise<CompletedCases> {
  const { evalName, onDuplicate = 'refuse', onBadRow = 'refuse' } = rules
  const table = new CaseTable(packing)
  const counts = new IntakeCounts()
  const locations = new RowLocations()
  const repeated = onDuplicate === 'refuse' ? null : new RepeatedRows(table, onDuplicate, counts)
  const twins: number[] = []
  for await (const source of rows) {
    counts.rows += 1
    const made = completeRow(source, rules)
    if ('failure' in made) {
      if (onBadRow === 'refuse') throw made.failure
      counts.add('skipped', () => `${made.failure.where} (${made.failure.summary})`)
      continue
    }
    const row =
      repeated === null ? made.row : repeated.settle(made, { here: () => source.whereOf(source.at), of: (at) => locations.at(at) })
    if (row === null) continue
    const earlier = table.add(row)
    if (earlier !== undefined) {
      const where = [locations.at(earlier), source.whereOf(source.at)] as const
      throw new CaseIdDuplicateError({ evalName, id: row.id, where, differences: differences(table.at(earlier), row) })
    }
    locations.add(source)
    rules.check?.see(row, source)
    if (row.twinOf !== undefined || row.role === 'twin') twins.push(table.length - 1)
  }
  if (table.length === 0) throw new CasesEmptyError({ evalName, where: rules.origin, ...counts.intake.skipped })
  for (const index of twins) {
    const problem = twinProblem(table.at(index), table)
    if (problem !== undefined) throw new CaseTwinError({ evalName, where: locations.at(index), problem })
  }
  return { table, intake: counts.intake }
}

/** The members in which two cases differ. */
function differences(one: Case, other: Case): readonly string[] {
  const names = new Set([...Object.keys(one), ...Object.keys(other)]) as Set<keyof Case>
  return [...names].filter((name) => canonicalJson(one[name]) !== canonicalJson(other[name]))
}

type CompletedRow = RepeatableRow | { readonly failure: HoldfastError }

function completeRow(source: SourcedRow, { evalName, fields, shares }: CaseRules): CompletedRow {
  if ('failure' in source) return source
  const refuse = (problems: readonly string[]): CompletedRow => {
    const fix = fields === undefined ? suggestFields(source.value) : undefined
    return {
      failure: new CaseInvalidError({
        evalName,
        where: source.whereOf(source.at),
        problems,
        fix,
      }),
    }
  }
  const mapped = mapFields(source.value, fields)
  if ('problems' in mapped) return refuse(mapped.problems)
  const parsed = caseInputSchema.safeParse(mapped.members)
  if (!parsed.success) return refuse(problemsOf(parsed.error))
  const input = parsed.data
  if (source.role !== undefined && input.role !== undefined && source.role !== input.role) {
    return refuse([`its role is "${input.role}", but it stands among the cases of role "${source.role}"`])
  }
  const id = input.id ?? hashJson(input.turns === undefined ? [input.input, input.expected] : [input.input, input.expected, input.turns])
  const ownRole = source.role ?? input.role
  if (input.twinOf !== undefined && ownRole === undefined) {
    return { failure: new CaseTwinError({ evalName, where: source.whereOf(source.at), problem: 'it has twinOf but no role' }) }
  }
  return { row: { ...input, id, role: ownRole ?? defaultRole(input, id, shares), tags: input.tags ?? [] }, ownRole }
}

function twinProblem(row: Case, table: CaseTable): string | undefined {
  if (row.role === 'twin' && row.twinOf === undefined) return 'it has role "twin" but no twinOf'
  if (row.twinOf === undefined) return undefined
  if (row.role !== 'twin') return `it has twinOf but role "${row.role}"`
  const original = table.indexOf(row.twinOf)
  if (original === undefined) return `twinOf names ${quoteUntrusted(row.twinOf)}, which is no case of this eval`
  return table.roleAt(original) === 'twin' ? `twinOf names ${quoteUntrusted(row.twinOf)}, which is a twin itself` : undefined
}

/**
 * Role by a hash of the cluster, or of the id where there is none: cases of one template or entity stay on one side, and adding cases moves no other.
 */
function defaultRole(row: CaseInput, id: string, shares: RoleShares = DEFAULT_SHARES): Role {
  const share = deriveSeed('role', row.cluster ?? id) / 2 ** 32
  const { train = 0, dev = 0 } = shares
  if (share < train) return 'train'
  if (share < train + dev) return 'dev'
  // Shares that add up to 1 may miss it by a rounding: a role that is not wanted must not appear.
  if ((shares.gate ?? 0) > 0) return 'gate'
  return dev > 0 ? 'dev' : 'train'
}
