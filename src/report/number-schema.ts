/**
 * @file Numbers of report.json that may not exist: null where there is nothing to count, never a zero.
 */
import { z } from 'zod'

export const figure = z.number().nullable()
export const interval = z.tuple([figure, figure]).readonly()
