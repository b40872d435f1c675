/**
 * @file Checks what a user wrote into `defineEval` and fills the defaults. It reads no cases.
 */
import { z } from 'zod'
import { ROLES } from './case.ts'
import type { Sampling } from './completion.ts'
import { EvalInvalidError, EvalWithoutGradersError } from './errors.ts'
import type { EvalDefinition, EvalOptions } from './eval.ts'
import type { Grader } from './grader.ts'
import { messagesSchema, toolSchema } from './message-schema.ts'
import { problemsOf } from './problems.ts'

/** Sampling of an eval that says nothing: greedy, 64 new tokens. */
export const DEFAULT_SAMPLING: Sampling = { temperature: 0, topK: 0, topP: 1, maxNewTokens: 64 }

const REDUCER = /^(?:mean|median|mode|max|majority|(?:pass@|pass\^|at-least-|best-of-)[1-9]\d{0,3})$/

const isFunction = (value: unknown): boolean => typeof value === 'function'

const graderSchema = z.custom<Grader>((value) => {
  if (typeof value !== 'object' || value === null) return false
  const { name, kind, version, grade, weight } = value as Partial<Grader>
  const goodWeight = weight === undefined || (typeof weight === 'number' && Number.isFinite(weight) && weight > 0)
  return typeof name === 'string' && name !== '' && typeof kind === 'string' && Number.isInteger(version) && isFunction(grade) && goodWeight
}, 'must be a grader, for example graders.exactMatch(), with a weight above 0')

const samplingSchema = z.strictObject({
  temperature: z.number().min(0).max(10).optional(),
  topK: z.int().min(0).optional(),
  topP: z.number().gt(0).max(1).optional(),
  maxNewTokens: z.int().min(1).max(100_000).optional(),
})

// URLs come from the user's file, perhaps from another realm: told by their members.
function isCaseFile(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  if ('href' in value) return 'protocol' in value && value.protocol === 'file:'
  return hubFileSchema.safeParse(value).success
}

const hubFileSchema = z.strictObject({ dataset: z.string().min(1), revision: z.string().min(1), file: z.string().min(1) })

/** Rows of inline cases are checked when they are read, which knows where they stand. */
const isCaseRows = (value: unknown): boolean => Array.isArray(value) || isCaseFile(value)

const caseSourceSchema = z.custom((value) => {
  if (isCaseRows(value)) return true
  if (typeof value !== 'object' || value === null || 'href' in value || 'dataset' in value) return false
  const entries = Object.entries(value)
  return entries.length > 0 && entries.every(([role, rows]) => (ROLES as readonly string[]).includes(role) && isCaseRows(rows))
}, "must be a list of cases, new URL('./cases.jsonl', import.meta.url), { dataset, revision, file }, a list of such files, or { train: …, gate: … } of these")

const column = z.union([z.string().min(1), z.custom(isFunction)], 'must be the name of a column or a function of the row')
const columns = z.union(
  [z.array(z.string().min(1)).min(1), column],
  'must be the name of a column, a list of names or a function of the row',
)

const fieldsSchema = z.strictObject({
  ...{ input: columns.optional(), expected: columns.optional() },
  ...{ id: column.optional(), role: column.optional(), tags: column.optional(), cluster: column.optional(), twinOf: column.optional() },
  ...{ chosen: column.optional(), rejected: column.optional(), thumb: column.optional(), turns: column.optional() },
  ...{ messages: column.optional(), each: z.string().min(1).optional() },
})

function isEncoding(name: string): boolean {
  try {
    return new TextDecoder(name).encoding !== ''
  } catch {
    return false
  }
}

const areDifferent = (names: readonly string[]): boolean => new Set(names).size === names.length

const share = z.number().min(0).max(1).optional()
const sharesSchema = z
  .strictObject({ train: share, dev: share, gate: share })
  .refine(({ train = 0, dev = 0, gate = 0 }) => Math.abs(train + dev + gate - 1) < 1e-6, 'must add up to 1')

const evalOptionsSchema = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'must be 1 to 64 lower-case letters, digits and hyphens'),
  description: z.string().optional(),
  cases: caseSourceSchema,
  fields: fieldsSchema.optional(),
  roles: sharesSchema.optional(),
  onDuplicate: z.enum(['refuse', 'drop', 'number']).optional(),
  onBadRow: z.enum(['refuse', 'skip']).optional(),
  encoding: z.string().refine(isEncoding, 'must be an encoding like windows-1252').optional(),
  columns: z.array(z.string().min(1)).min(1).refine(areDifferent, 'must be different names').optional(),
  prompt: z
    .union([z.string().min(1), messagesSchema, z.custom(isFunction)], 'must be a template, a list of messages or a function')
    .optional(),
  system: z.string().min(1).optional(),
  fewShot: z
    .union([
      z.array(z.strictObject({ input: z.string(), output: z.string() })).min(1),
      z.strictObject({ from: z.literal('train'), count: z.int().min(1).max(100) }),
    ])
    .optional(),
  tools: z.array(toolSchema).optional(),
  parse: z.custom(isFunction, 'must be a function').optional(),
  graders: z.array(graderSchema),
  auditGraders: z.array(graderSchema).optional(),
  passThreshold: z.number().gt(0).max(1).optional(),
  sampling: samplingSchema.optional(),
  repeats: z.int().min(1).max(1000).optional(),
  reducer: z.string().regex(REDUCER, 'must be mean, median, mode, max, majority, pass@k, pass^k, at-least-k or best-of-n').optional(),
  minPass: z.number().min(0).max(1).optional(),
  perCase: z.boolean().optional(),
  chance: z.number().min(0).lt(1).optional(),
  expectedFlips: z.number().min(0).max(1).optional(),
  graded: z.boolean().optional(),
  demonstrations: z.record(z.string(), z.custom(isFunction, 'must be a function')).optional(),
})

/**
 * The options of a definition, checked.
 * @throws EvalInvalidError, EvalWithoutGradersError
 */
export function checkEvalOptions(definition: EvalDefinition, origin: string): EvalOptions {
  if (definition?.kind !== 'holdfast.eval-definition') throw new EvalInvalidError({ origin, problems: ['it was not made with defineEval'] })
  const parsed = evalOptionsSchema.safeParse(definition.options)
  if (!parsed.success) throw new EvalInvalidError({ origin, problems: problemsOf(parsed.error) })
  const { name, graders, auditGraders = [] } = definition.options
  if (graders.length === 0) throw new EvalWithoutGradersError({ evalName: name, origin })
  const names = [...graders, ...auditGraders].map((grader) => grader.name)
  const repeated = names.find((graderName, index) => names.indexOf(graderName) !== index)
  if (repeated !== undefined) throw new EvalInvalidError({ origin, problems: [`two graders are called ${JSON.stringify(repeated)}`] })
  return definition.options
}
