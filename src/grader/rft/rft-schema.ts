/**
 * @file Checks RFT grader JSON: generous with what others wrote (members that nobody knows are dropped, aliases understood), strict with ours.
 */
import { z } from 'zod'
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
    z.object({ type: z.literal('input_text'), text: z.string() }),
    z.object({ type: z.literal('output_text'), text: z.string() }),
    z.object({ type: z.literal('text'), text: z.string() }),
  ],
  'must be text: images and audio cannot be graded here',
)
const message = z.object({
  type: z.literal('message').optional(),
  role: z.enum(['user', 'assistant', 'system', 'developer']),
  content: z.union([z.string(), textPart, z.array(textPart).min(1)], 'must be text: images and audio cannot be graded here'),
})
const sampling = z
  .preprocess(
    renamed('max_completion_tokens', 'max_completions_tokens'),
    z.object({
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
  z.object(SHAPES.string_check),
  z.object(SHAPES.text_similarity),
  z.object(SHAPES.score_model),
  z.object(SHAPES.label_model).refine(passingAreLabels, PASSING),
  z.object(SHAPES.python),
] as const
const strictLeaves = [
  z.strictObject(SHAPES.string_check),
  z.strictObject(SHAPES.text_similarity),
  z.strictObject(SHAPES.score_model),
  z.strictObject(SHAPES.label_model).refine(passingAreLabels, PASSING),
  z.strictObject(SHAPES.python),
] as const
const multiShape = { type: z.literal('multi'), name, calculate_output: z.string().min(1) }
const leaf = z.discriminatedUnion('type', [...leaves], `must have a type, one of ${TYPES.join(', ')}; a multi holds no other multi`)

/** A grader that others wrote. A grader without a name is called by its key or its type; `graders` may be an object, a list or one grader. */
export const rftGraderSchema: z.ZodType<RftGrader> = z.preprocess(
  (value) => named(value, null),
  z.discriminatedUnion(
    'type',
    [
      z.object({
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
  z.strictObject({ ...multiShape, graders: z.record(z.string(), z.discriminatedUnion('type', [...strictLeaves])) }),
  ...strictLeaves,
]) as z.ZodType<RftGrader>

type Members = Readonly<Record<string, unknown>>

function named(value: unknown, key: string | null): unknown {
  return isMembers(value) && value['name'] == null ? { ...value, name: key ?? value['type'] } : value
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

function renamed(from: string, to: string): (value: unknown) => unknown {
  return (value) => (isMembers(value) && value[from] !== undefined && value[to] === undefined ? { ...value, [to]: value[from] } : value)
}

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
