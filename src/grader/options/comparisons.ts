/**
 * @file The comparisons of fields and arguments as users write them.
 */
import { z } from 'zod'
import { byName, choice, members } from './check-options.ts'

const single = choice('exact', 'text', 'number', 'date')
const named = ['exact', 'text', 'number', 'date', 'list', 'set', 'one-of', 'subset'] as const
const comparison = z.union(
  [z.enum(named), members({ oneOf: single })],
  `must be ${named.map((name) => JSON.stringify(name)).join(' or ')}, or { oneOf: "text" } and the like`,
)

/** Comparisons by the name of the field or argument. */
export const COMPARISONS: z.ZodType = byName(comparison, "{ city: 'text' }")
