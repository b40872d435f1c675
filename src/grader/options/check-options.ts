/**
 * @file Checks what a user gave a grader as settings, strictly: a misspelt setting that is ignored in silence is a grader that passes too much.
 * What a setting's value means is the grader's own business.
 */
import { z } from 'zod'
import { quoteUntrusted } from '../../base/untrusted-text.ts'
import { GraderOptionsError } from '../errors.ts'
import { editDistanceOf } from '../text/levenshtein.ts'

/** A schema for each member of the options, the optional ones too: one that is forgotten does not compile. */
export type OptionMembers<Options> = { readonly [Name in keyof Required<Options>]: z.ZodType }

const SHOWN = 6

/** What every grader takes. */
export const COMMON: { readonly name: z.ZodType; readonly weight: z.ZodType } = {
  name: z.string('must be a text').min(1, 'must not be empty').optional(),
  weight: z.custom<number>((value) => typeof value === 'number' && value > 0 && value < Infinity, 'must be a number above 0').optional(),
}

/** Pieces of schemas, with words for people. Whether a number is in range is for the grader to say. */
export const TEXT: z.ZodType<string> = z.string('must be a text')
export const NUMBER: z.ZodType<number> = z.custom<number>((value) => typeof value === 'number', 'must be a number')
export const FLAG: z.ZodType<boolean> = z.boolean('must be true or false')
export const TEXTS: z.ZodType<readonly string[]> = z.array(TEXT, 'must be a list of texts')
export const ABOVE_ZERO: z.ZodType<number> = z.custom<number>(
  (value) => typeof value === 'number' && value > 0 && value < Infinity,
  'must be a number above 0',
)
export const FUNCTION: z.ZodType = z.custom((value) => typeof value === 'function', 'must be a function')
/** A grader by its members: it may come from another copy of the package. */
export const GRADER: z.ZodType = z.custom(
  (value) => typeof value === 'object' && value !== null && 'kind' in value && 'grade' in value && typeof value.grade === 'function',
  'must be a grader, for example graders.exactMatch()',
)

/** One of some texts. */
export function choice<Value extends string>(...values: readonly Value[]): z.ZodType<Value> {
  return z.enum(
    values as readonly [Value, ...Value[]],
    `must be ${values.map((value) => JSON.stringify(value)).join(' or ')}`,
  ) as z.ZodType<Value>
}

/** An object of values by any names. */
export function byName(value: z.ZodType, like: string): z.ZodType {
  return z.record(z.string(), value, {
    error: (issue) => (issue.code === 'invalid_type' ? `must be an object like ${like}${notAList(issue.input)}` : undefined),
  })
}

/** An object with these members and no others. */
export function members<Shape extends Readonly<Record<string, z.ZodType>>>(shape: Shape): z.ZodObject<Shape> {
  const known = Object.keys(shape)
  return z.strictObject(shape, {
    error: (issue) => {
      if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownMember(key, known)).join('; ')
      return issue.code === 'invalid_type' ? `must be an object with ${known.join(', ')}${notAList(issue.input)}` : undefined
    },
  })
}

/**
 * Refuses options that are not what the grader takes. `grader` is its name behind `graders.`.
 * @throws GraderOptionsError
 */
export function checkOptions<Options extends object>(grader: string, options: Options, shape: OptionMembers<Options>): void {
  const parsed = members(shape as Readonly<Record<string, z.ZodType>>).safeParse(options)
  if (parsed.success) return
  const problems = optionProblems(parsed.error)
  const more = problems.length > SHOWN ? `; and ${problems.length - SHOWN} more` : ''
  throw new GraderOptionsError({
    grader,
    problem: `${problems.slice(0, SHOWN).join('; ')}${more}`,
    fix: `its settings are ${Object.keys(shape).join(', ')}`,
  })
}

/** One line for each problem, with the path of the setting before it. */
export function optionProblems(error: z.ZodError, between = ' '): readonly string[] {
  return error.issues.map(({ path, message }) => {
    const where = quoteUntrusted(path.map(String).join('.'), 80).slice(1, -1)
    return where === '' ? message : `${where}${between}${message}`
  })
}

/** For example: has no setting "tolerence", did you mean "tolerance"? */
export function unknownMember(key: string, known: readonly string[]): string {
  const near = nearestName(key, known)
  return `has no setting ${quoteUntrusted(key)}${near === null ? '' : `, did you mean ${JSON.stringify(near)}?`}`
}

/** The name that was probably meant: the same letters, or a few of them away. Null when none is near. */
export function nearestName(written: string, known: readonly string[]): string | null {
  const plain = (name: string): string =>
    name
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]/gu, '')
      .slice(0, 100)
  const sorted = (name: string): string => Array.from(plain(name)).toSorted().join('')
  const ranked = known
    .map((name) => ({
      name,
      // The same letters in another order are one slip of the fingers.
      distance: sorted(written) === sorted(name) ? Number(plain(written) !== plain(name)) : editDistanceOf(plain(written), plain(name)),
    }))
    .sort((a, b) => a.distance - b.distance)
  const [best] = ranked
  return best !== undefined && best.distance <= Math.max(1, Math.floor(plain(best.name).length / 3)) ? best.name : null
}

function notAList(value: unknown): string {
  return Array.isArray(value) ? ', not a list' : ''
}
