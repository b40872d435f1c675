/**
 * @file Loads a module of the page's script into a test as it stands; the types are those of its JSDoc.
 */
import type { CasePayload } from '../../../src/report/sections/cases/data.ts'

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
  readonly 'case-rows': { readonly QUADRANTS: readonly string[]; caseRows(payload: CasePayload): CaseRows }
  readonly 'filter-cases': {
    filterCases(rows: CaseRows, filter: CaseFilter): { rows: Uint32Array; counts: number[] }
  }
  readonly 'visible-text': { visibleText(text: string): string }
}

const FOLDERS: Readonly<Record<keyof PageModules, string>> = {
  'word-diff': 'sections/cases/page',
  'case-rows': 'sections/cases/page',
  'filter-cases': 'sections/cases/page',
  'visible-text': 'page',
}

export async function pageModule<Name extends keyof PageModules>(name: Name): Promise<PageModules[Name]> {
  return (await import(new URL(`../../../src/report/${FOLDERS[name]}/${name}.js`, import.meta.url).href)) as PageModules[Name]
}
