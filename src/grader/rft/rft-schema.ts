/**
 * @file Checks RFT grader JSON: aliases and notes of others are understood, but a member that nobody knows is refused: dropped in silence, a
 * misspelt range or an `ignore_case` would be another grader.
 */
import { z } from 'zod'
import { members } from '../options/check-options.ts'
import { TEXT_METRICS } from '../similarity/text-metric.ts'
import type { RftGrader } from './rft-json.ts'

const MAX_SOURCE_LENGTH = 256 * 1024
const TYPES = ['string_check', 'text_similarity', 'score_model', 'label_model', 'python'] as const

const name = z.string().min(1).max(200)
const metric = z.enum(['cosine', ...TEXT_METRICS])
// Null where a member was left out is what the API itself writes.
const optionalNumber = z
  .number()
  .nullish()
  .transform((value) => value ?? undefined)

const textPart = z.discriminatedUnion(
  'type',
  [
    members({ type: z.literal('input_text'), text: z.string() }),
    members({ type: z.literal('output_text'), text: z.string() }),
    members({ type: z.literal('text'), text: z.string() }),
  ],
  'must be text: images and audio cannot be graded here',
)
const message = z.preprocess(
  withoutNotes,
  members({
    type: z.literal('message').optional(),
    role: z.enum(['user', 'assistant', 'system', 'developer']),
    content: z.union([z.string(), textPart, z.array(textPart).min(1)], 'must be text: images and audio cannot be graded here'),
  }),
)
const sampling = z
  .preprocess(
    renamed('max_completion_tokens', 'max_completions_tokens'),
    members({
      temperature: optionalNumber,
      top_p: optionalNumber,
      seed: optionalNumber,
      max_completions_tokens: optionalNumber,
      reasoning_effort: z
        .string()
        .nullish()
        .transform((value) => value ?? undefined),
    }),
  )
  .nullish()
  .transform((value) => value ?? undefined)
const range = z
  .tuple([z.number(), z.number()])
  .refine(([low, high]) => low < high, 'must be two numbers, the lower one first')
  .nullish()
  .transform((value) => value ?? undefined)

/** Members by type; the same for both directions. */
const SHAPES = {
  string_check: {
    type: z.literal('string_check'),
    name,
    input: z.string(),
    reference: z.string(),
    operation: z.preprocess((value) => (value === 'neq' ? 'ne' : value), z.enum(['eq', 'ne', 'like', 'ilike'])),
  },
  text_similarity: {
    type: z.literal('text_similarity'),
    name,
    input: z.string(),
    reference: z.string(),
    evaluation_metric: metric,
    pass_threshold: optionalNumber,
  },
  score_model: {
    type: z.literal('score_model'),
    name,
    model: z.string().min(1),
    input: z.array(message).min(1),
    range,
    sampling_params: sampling,
    pass_threshold: optionalNumber,
  },
  label_model: {
    type: z.literal('label_model'),
    name,
    model: z.string().min(1),
    input: z.array(message).min(1),
    labels: z.array(z.string().min(1)).min(1),
    passing_labels: z.array(z.string()),
    sampling_params: sampling,
  },
  python: {
    type: z.literal('python'),
    name,
    source: z.string().min(1).max(MAX_SOURCE_LENGTH, 'must be shorter than 256 kB'),
    image_tag: z
      .string()
      .nullish()
      .transform((value) => value ?? undefined),
    pass_threshold: optionalNumber,
  },
} as const

type LabelSets = { readonly labels: readonly string[]; readonly passing_labels: readonly string[] }
const passingAreLabels = ({ labels, passing_labels }: LabelSets): boolean => passing_labels.every((label) => labels.includes(label))
const PASSING = 'passing_labels must be among labels'

const leaves = [
  members(SHAPES.string_check),
  members(SHAPES.text_similarity),
  members(SHAPES.score_model),
  members(SHAPES.label_model).refine(passingAreLabels, PASSING),
  members(SHAPES.python),
] as const
const multiShape = { type: z.literal('multi'), name, calculate_output: z.string().min(1) }
const leaf = z.discriminatedUnion('type', [...leaves], `must have a type, one of ${TYPES.join(', ')}; a multi holds no other multi`)

/** A grader that others wrote. A grader without a name is called by its key or its type; `graders` may be an object, a list or one grader. */
export const rftGraderSchema: z.ZodType<RftGrader> = z.preprocess(
  (value) => named(value, null),
  z.discriminatedUnion(
    'type',
    [
      members({
        ...multiShape,
        graders: z.preprocess(
          keyed,
          z.record(z.string(), leaf, 'must be an object of graders by name, or a list of graders whose names differ'),
        ),
      }),
      ...leaves,
    ],
    `must have a type, one of ${TYPES.join(', ')}, multi`,
  ),
) as z.ZodType<RftGrader>

/** A grader that we write. */
export const ownRftGraderSchema: z.ZodType<RftGrader> = z.discriminatedUnion('type', [
  z.strictObject({ ...multiShape, graders: z.record(z.string(), z.discriminatedUnion('type', [...leaves])) }),
  ...leaves,
]) as z.ZodType<RftGrader>

type Members = Readonly<Record<string, unknown>>

function named(value: unknown, key: string | null): unknown {
  if (!isMembers(value)) return value
  const plain = withoutNotes(value)
  return plain['name'] == null ? { ...plain, name: key ?? plain['type'] } : plain
}

/** The parts of a multi as an object: a list is keyed by the graders' names, as one grader is. A list with a name twice stays a list, which is refused. */
function keyed(graders: unknown): unknown {
  const list = isMembers(graders) && typeof graders['type'] === 'string' ? [graders] : graders
  if (isMembers(list)) return Object.fromEntries(Object.entries(list).map(([key, item]) => [key, named(item, key)]))
  if (!Array.isArray(list)) return list
  const items = list.map((item) => named(item, null))
  const keys = items.map((item) => (isMembers(item) ? String(item['name']) : ''))
  return new Set(keys).size < keys.length ? list : Object.fromEntries(items.map((item, at) => [keys[at], item]))
}

/** Members that say nothing of how to grade, which APIs and people add. */
const NOTE = /^(?:id|object|status|created_at|description|metadata|comment|[_$].*|x-.*)$/

function withoutNotes(value: unknown): Members {
  return isMembers(value) ? Object.fromEntries(Object.entries(value).filter(([key]) => !NOTE.test(key))) : (value as Members)
}

function renamed(from: string, to: string): (value: unknown) => unknown {
  return (value) => {
    if (!isMembers(value) || value[from] === undefined || value[to] != null) return value
    const { [from]: moved, ...rest } = value
    return { ...rest, [to]: moved }
  }
}

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
