/**
 * @file What a section of the report is. A folder under `sections/` and a line in `section-list.ts` make one: nothing else names it. In the folder
 * lie `data.ts` (its members of report.json), `view.ts` (what its template draws), `<name>.hbs`, styles, and page scripts under `page/`.
 */
import type { z } from 'zod'
import type { TracedRun } from './lineage.ts'

/** What members of this shape are, as views read them. */
export type Members<Shape extends z.ZodRawShape> = z.infer<z.ZodObject<Shape, z.core.$strict>>

/** Members of report.json that belong together: their schema, and how they come from a run's records. */
export interface DocumentPart<Shape extends z.ZodRawShape = z.ZodRawShape, Of = object> {
  readonly shape: Shape
  readonly of: (run: TracedRun) => Of
}

/** A part whose members are true to their schema. */
export function documentPart<Shape extends z.ZodRawShape>(
  shape: Shape,
  of: (run: TracedRun) => Members<Shape>,
): DocumentPart<Shape, Members<Shape>> {
  return { shape, of }
}

/** Data that the page holds for a script: text without "<". */
export interface EmbeddedData {
  readonly id: string
  readonly encoding: 'json' | 'deflate-raw'
  readonly text: string
}

export interface Section {
  /** Also the name of its folder, its template, its style, and its element on the page. */
  readonly name: string
  /** Its word in the page's navigation; a section without one stands above the navigation. */
  readonly title: string | null
  /** Null where it draws what other sections' members say. */
  readonly data: DocumentPart | null
  /** What its template draws; null leaves it out of this page, with its styles and scripts. */
  readonly view: (document: never) => object | null
  /** What it says in the Markdown summary, a block of lines each. */
  readonly markdown?: (document: never) => readonly string[]
  /** What its page scripts read. */
  readonly embedded?: (run: TracedRun) => EmbeddedData
}
