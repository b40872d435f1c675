/**
 * @file Loads a module of the page's script into a test as it stands; the types are those of its JSDoc.
 */
import type { CasePayload } from '../../../../src/report/sections/cases/data.ts'

export interface DiffPart {
  readonly kind: 'both' | 'before' | 'after'
  readonly text: string
}

export interface CaseRows {
  readonly payload: CasePayload
  readonly model: Uint16Array
  readonly item: Uint32Array
  readonly quadrant: Uint8Array
  readonly caseOf: Uint32Array
}

export interface CaseFilter {
  readonly quadrants: ReadonlySet<string>
  readonly eval: string
  readonly round: string
  readonly arm: string
  readonly tag: string
  readonly purpose: string
  readonly text: string
}

interface PageModules {
  readonly 'word-diff': { wordDiff(before: string, after: string): DiffPart[]; worthMarking(parts: readonly DiffPart[]): boolean }
  readonly 'filter-cases': {
    readonly QUADRANTS: readonly string[]
    caseRows(payload: CasePayload): CaseRows
    filterCases(rows: CaseRows, filter: CaseFilter): { rows: Uint32Array; counts: number[] }
  }
  readonly 'visible-text': { visibleText(text: string): string }
}

export async function pageModule<Name extends keyof PageModules>(name: Name): Promise<PageModules[Name]> {
  return (await import(new URL(`../../../../src/report/page/${name}.js`, import.meta.url).href)) as PageModules[Name]
}
