/**
 * @file The settings of the grader "answer", checked.
 */
import { z } from 'zod'
import type { AnswerGraderOptions } from '../answer.ts'
import { checkOptions, choice, COMMON, FLAG, TEXT } from './check-options.ts'
import { UNIT_DIMENSIONS } from '../answer/unit-table.ts'

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
    extract: z.array(rule, 'must be a list of places').optional(),
    marker: TEXT.optional(),
    field: TEXT.optional(),
  })
}
