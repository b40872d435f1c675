/**
 * @file Cases as a list that is read like an array. A list of many is a view of a table: an element becomes an object when it is read, and what is asked
 * of roles and ids here is answered without reading the others.
 */
import type { Case, Role } from '../case.ts'
import { PLAIN_CASES } from './case-table.ts'
import type { CaseTable } from './case-table.ts'

interface View {
  readonly table: CaseTable
  /** Numbers of the cases in the table; null for all of them. */
  readonly rows: Uint32Array | null
}

const VIEWS = new WeakMap<readonly Case[], View>()

/** All cases of a table. */
export function listCases(table: CaseTable): readonly Case[] {
  if (table.length > PLAIN_CASES) return viewOf({ table, rows: null })
  return Array.from({ length: table.length }, (_, index) => table.at(index))
}

/** The cases with a role, in their order; possibly none. */
export function casesWithRole(cases: readonly Case[], role: Role): readonly Case[] {
  if (!VIEWS.has(cases)) return cases.filter((row) => row.role === role)
  const found: number[] = []
  for (let at = 0; at < cases.length; at++) if (roleAt(cases, at) === role) found.push(at)
  return selectCases(cases, found)
}

/** The cases at these indexes, in that order. */
export function selectCases(cases: readonly Case[], indexes: readonly number[]): readonly Case[] {
  const view = VIEWS.get(cases)
  if (view === undefined || indexes.length <= PLAIN_CASES) return indexes.map((at) => cases[at] as Case)
  return viewOf({ table: view.table, rows: Uint32Array.from(indexes, (at) => view.rows?.[at] ?? at) })
}

/** The role of the case at an index. */
export function roleAt(cases: readonly Case[], index: number): Role {
  const view = VIEWS.get(cases)
  return view === undefined ? (cases[index] as Case).role : view.table.roleAt(view.rows?.[index] ?? index)
}

/** Finds cases of a list by their ids: makes an index the first time where the list has none. */
export function caseById(cases: readonly Case[], id: string): Case | undefined {
  const view = VIEWS.get(cases)
  if (view === undefined) return indexOf(cases).get(id)
  const index = view.table.indexOf(id)
  if (index === undefined || (view.rows !== null && !includes(view.rows, index))) return undefined
  return view.table.at(index)
}

const INDEXES = new WeakMap<readonly Case[], ReadonlyMap<string, Case>>()

function indexOf(cases: readonly Case[]): ReadonlyMap<string, Case> {
  const known = INDEXES.get(cases)
  if (known !== undefined) return known
  const made = new Map(cases.map((row) => [row.id, row]))
  INDEXES.set(cases, made)
  return made
}

/** Whether a value is among rising numbers. */
function includes(rising: Uint32Array, value: number): boolean {
  let [low, high] = [0, rising.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((rising[middle] as number) < value) low = middle + 1
    else high = middle
  }
  return rising[low] === value
}

function viewOf(view: View): readonly Case[] {
  const length = view.rows?.length ?? view.table.length
  const read = (index: number): Case => view.table.at(view.rows?.[index] ?? index)
  const list = new Proxy<Case[]>([], readOnlyArray(length, read))
  VIEWS.set(list, view)
  return list
}

/** What an array with `length` elements answers, all of them made by `read`, none of them to be changed. */
function readOnlyArray(length: number, read: (index: number) => Case): ProxyHandler<Case[]> {
  const keyIndex = (key: string | symbol): number => (typeof key === 'string' && /^\d+$/.test(key) ? Number(key) : Number.NaN)
  return {
    get: (target, key, receiver) => {
      if (key === 'length') return length
      const index = keyIndex(key)
      if (Number.isNaN(index)) return Reflect.get(target, key, receiver) as unknown
      return index < length ? read(index) : undefined
    },
    has: (target, key) => keyIndex(key) < length || Reflect.has(target, key),
    ownKeys: () => [...Array.from({ length }, (_, index) => String(index)), 'length'],
    getOwnPropertyDescriptor: (target, key) => {
      if (key === 'length') return { value: length, writable: true, enumerable: false, configurable: false }
      if (keyIndex(key) < length) return { value: read(keyIndex(key)), writable: true, enumerable: true, configurable: true }
      return Reflect.getOwnPropertyDescriptor(target, key)
    },
    set: () => false,
    defineProperty: () => false,
    deleteProperty: () => false,
  }
}
