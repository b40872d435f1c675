/**
 * @file Makes cases of rows: maps their fields, checks each by itself, gives ids and roles, and checks what they mean to each other: ids are unique,
 * twins name a case.
 */
import { hashJson } from '../../base/hash.ts'
import { quoteUntrusted } from '../../base/untrusted-text.ts'
import type { Case, CaseInput } from '../case.ts'
import { caseInputSchema } from '../case.ts'
import { CaseTable } from './case-table.ts'
import type { FieldMapping, RoleShares } from '../case-source.ts'
import { defaultRole } from './default-role.ts'
import { CaseIdDuplicateError, CaseInvalidError, CasesEmptyError, CaseTwinError } from '../errors.ts'
import type { PackedTextOptions } from './packed-text.ts'
import { problemsOf } from '../problems.ts'
import { mapFields } from '../source/map-fields.ts'
import type { SourcedRow } from '../source/read-source.ts'

/** What the eval says of its rows. */
export interface CaseRules {
  readonly evalName: string
  readonly origin: string
  readonly fields?: FieldMapping | undefined
  readonly shares?: RoleShares | undefined
}

/**
 * The cases of an eval, in the order of their rows.
 * @throws CaseInvalidError, CasesEmptyError, CaseIdDuplicateError, CaseTwinError, and what reading the rows throws
 */
export async function completeCases(
  rows: AsyncIterable<SourcedRow>,
  rules: CaseRules,
  packing: PackedTextOptions = {},
): Promise<CaseTable> {
  const table = new CaseTable(packing)
  const places = new Places()
  const twins: number[] = []
  for await (const source of rows) {
    const row = completeRow(source, rules)
    const earlier = table.add(row)
    if (earlier !== undefined) {
      throw new CaseIdDuplicateError(rules.evalName, row.id, [places.at(earlier), source.placeOf(source.at)])
    }
    places.add(source)
    if (row.twinOf !== undefined || row.role === 'twin') twins.push(table.length - 1)
  }
  if (table.length === 0) throw new CasesEmptyError(rules.evalName, rules.origin)
  for (const index of twins) {
    const problem = twinProblem(table.at(index), table)
    if (problem !== undefined) throw new CaseTwinError(rules.evalName, places.at(index), problem)
  }
  return table
}

function completeRow(source: SourcedRow, { evalName, fields, shares }: CaseRules): Case {
  const place = (): string => source.placeOf(source.at)
  const mapped = mapFields(source.value, fields)
  if ('problems' in mapped) throw new CaseInvalidError(evalName, place(), mapped.problems)
  const parsed = caseInputSchema.safeParse(mapped.members)
  if (!parsed.success) throw new CaseInvalidError(evalName, place(), problemsOf(parsed.error))
  const input = parsed.data
  const id = input.id ?? hashJson(input.turns === undefined ? [input.input, input.expected] : [input.input, input.expected, input.turns])
  const role = roleOf(source, input, evalName)
  if (input.twinOf !== undefined && role === undefined) throw new CaseTwinError(evalName, place(), 'it has twinOf but no role')
  return { ...input, id, role: role ?? defaultRole(input, id, shares), tags: input.tags ?? [] }
}

function roleOf(source: SourcedRow, input: CaseInput, evalName: string): CaseInput['role'] {
  if (source.role === undefined || input.role === undefined || source.role === input.role) return source.role ?? input.role
  const problem = `its role is "${input.role}", but it stands among the cases of role "${source.role}"`
  throw new CaseInvalidError(evalName, source.placeOf(source.at), [problem])
}

function twinProblem(row: Case, table: CaseTable): string | undefined {
  if (row.role === 'twin' && row.twinOf === undefined) return 'it has role "twin" but no twinOf'
  if (row.twinOf === undefined) return undefined
  if (row.role !== 'twin') return `it has twinOf but role "${row.role}"`
  const original = table.indexOf(row.twinOf)
  if (original === undefined) return `twinOf names ${quoteUntrusted(row.twinOf)}, which is no case of this eval`
  return table.roleAt(original) === 'twin' ? `twinOf names ${quoteUntrusted(row.twinOf)}, which is a twin itself` : undefined
}

/** Where rows stand: a number for each row, and one function for each run of rows from the same file. */
class Places {
  #numbers = new Uint32Array(1024)
  #count = 0
  readonly #runs: { readonly from: number; readonly placeOf: SourcedRow['placeOf'] }[] = []

  add({ at, placeOf }: SourcedRow): void {
    if (this.#count === this.#numbers.length) {
      const larger = new Uint32Array(this.#count * 2)
      larger.set(this.#numbers)
      this.#numbers = larger
    }
    if (this.#runs.at(-1)?.placeOf !== placeOf) this.#runs.push({ from: this.#count, placeOf })
    this.#numbers[this.#count++] = at
  }

  at(row: number): string {
    const run = this.#runs.findLast(({ from }) => from <= row)
    return run?.placeOf(this.#numbers[row] as number) ?? ''
  }
}
