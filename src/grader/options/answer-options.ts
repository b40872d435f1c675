/**
 * @file The settings of the grader "answer", and their check.
 */
import { z } from 'zod'
import type { AnswerOptions } from '../answer/compare-answers.ts'
import type { ExtractionRule } from '../answer/extract-answer.ts'
import { checkOptions, choice, COMMON, FLAG, TEXT } from './check-options.ts'
import { UNIT_DIMENSIONS } from '../exact/units.ts'

/** Settings of `answer`: those of `answersEqual` without the profile, and where the answer stands. */
export interface AnswerGraderOptions extends Omit<AnswerOptions, 'profile'> {
  /** Where the answer may stand, in this order. Default by profile: see `extractAnswer`. */
  readonly extract?: readonly ExtractionRule[]
  /** What stands before the answer on its line. Default "####". */
  readonly marker?: string
  /** Field of the completion's JSON object that holds the answer. */
  readonly field?: string
  readonly name?: string
  readonly weight?: number
}

/** @throws GraderOptionsError */
export function checkAnswerOptions(options: AnswerGraderOptions): void {
  const rule = choice('boxed', 'marker', 'field', 'phrase', 'whole', 'formula', 'last-number')
  checkOptions<AnswerGraderOptions>('answer', options, {
    ...COMMON,
    percent: choice('refuse', 'value', 'number').optional(),
    units: z.array(choice(...UNIT_DIMENSIONS), 'must be a list of dimensions').optional(),
    missingUnit: choice('different', 'accept').optional(),
    listOrder: choice('kept', 'free').optional(),
    decimalMark: choice('point', 'comma').optional(),
    evaluate: FLAG.optional(),
    extract: z.array(rule, 'must be a list of rules').optional(),
    marker: TEXT.optional(),
    field: TEXT.optional(),
  })
}
