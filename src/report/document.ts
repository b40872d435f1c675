/**
 * @file report.json: every number of the report as data with a schema version. The page, the Markdown summary and the JUnit file are
 * drawn from this document and from nothing else (only the case browser also reads the grades), so they cannot disagree. Its members are those of
 * the head and of the sections, in their order.
 */
import { z } from 'zod'
import { head } from './head.ts'
import type { TracedRun } from './lineage.ts'
import { SECTIONS } from './section-list.ts'

type ShapeOf<Part> = Part extends { readonly shape: infer Shape } ? Shape : never
type Joined<Union> = (Union extends unknown ? (each: Union) => void : never) extends (all: infer All) => void ? All : never
type SectionShapes = Joined<ShapeOf<(typeof SECTIONS)[number]['data']>>

const sectionShapes = Object.assign({}, ...SECTIONS.map(({ data }) => data?.shape ?? {})) as SectionShapes

export const reportDocumentSchema = z.strictObject({ ...head.shape, ...sectionShapes })

export type ReportDocument = z.infer<typeof reportDocumentSchema>

/** The document of a run: deterministic, with all differences as shares (after minus before). */
export function buildDocument(run: TracedRun): ReportDocument {
  return Object.assign({}, head.of(run), ...SECTIONS.map(({ data }) => data?.of(run) ?? {})) as ReportDocument
}
