/**
 * @file A single RFT grader, ready to run: everything that could be refused has been refused when it was made.
 */
import type { GradeInput, Grader } from '../../eval/grader.ts'
import type { RftFailure, RftScore } from './rft-failure.ts'
import type { RftLeaf } from './rft-json.ts'
import type { Template } from './template.ts'
import { parseTemplate, renderTemplate } from './template.ts'
import type { TemplateValues } from './template-values.ts'

/** What a grader looks at. */
export interface LeafInput {
  readonly input: GradeInput
  readonly values: TemplateValues
}

/** One grader. Its score lies in `range`; formulas see the score as it is, rewards are scaled to 0 to 1. */
export interface Leaf {
  readonly range: readonly [low: number, high: number]
  readonly timeoutMs?: number | undefined
  score(input: LeafInput): RftScore | Promise<RftScore>
}

/** A whole grader: a leaf, or a multi of some. */
export interface Prepared {
  readonly range: readonly [number, number]
  readonly timeoutMs: number | undefined
  readonly score: (input: LeafInput) => PartedScore | Promise<PartedScore>
}

/** A score with those of its parts. */
export interface PartedScore {
  readonly result: RftScore
  readonly parts: Readonly<Record<string, number | null>>
  readonly errors: readonly RftFailure[]
}

/** What leaves need that the JSON does not say. */
export interface LeafOptions {
  /** Models by the names in the JSON, as `--model` takes them. A name that is not here is taken as it is. */
  readonly models: Readonly<Record<string, string>>
  /** The model whose vectors `cosine` compares. */
  readonly embeddings: string | null
  /** How long judges and programs may take, in milliseconds. */
  readonly timeoutMs: number
  /** Makes the grader that runs Python source. */
  readonly python: PythonGrader | null
}

/** What a model's name in the JSON stands for. */
export function modelReference({ models }: Pick<LeafOptions, 'models'>, name: string): string {
  return Object.hasOwn(models, name) ? (models[name] as string) : name
}

/** Makes a grader that runs Python source with `def grade(sample, item) -> float`. */
export type PythonGrader = (options: { readonly source: string; readonly name: string; readonly timeoutMs: number }) => Grader

/** Makes the leaf of one grader. `where` names it in messages. */
export type MakeLeaf<Json extends RftLeaf> = (json: Json, options: LeafOptions, where: string) => Leaf

/** Renders two templates and compares the texts; both may hold the sample. */
export function textPair(
  json: { readonly input: string; readonly reference: string },
  where: string,
): (values: TemplateValues) => { readonly input: string; readonly reference: string } | Extract<RftScore, { readonly failure: unknown }> {
  const [inputTemplate, referenceTemplate] = [parseTemplate(json.input, where), parseTemplate(json.reference, where)] as [
    Template,
    Template,
  ]
  return (values) => {
    const input = renderTemplate(inputTemplate, values)
    if ('failure' in input) return input
    const reference = renderTemplate(referenceTemplate, values)
    return 'failure' in reference ? reference : { input: input.text, reference: reference.text }
  }
}
