/**
 * @file What all instruction checks share: their signature and their arguments, each of which has one meaning and says what it must be.
 */
import { z } from 'zod'
import { quoteUntrusted } from '../../base/untrusted-text.ts'

/** An instruction whose arguments are known to fit: whether a text follows it; null where that cannot be told. */
export type InstructionCheck = (text: string) => boolean | null

/** An instruction with its arguments, or what is wrong with them. */
export type Instruction = (given: unknown) => InstructionCheck | string

/** Instructions by id. */
export type Instructions = Readonly<Record<string, Instruction>>

type Arguments<S extends z.ZodRawShape> = z.infer<z.ZodObject<S>>

/** An instruction with exactly these arguments: a missing, misspelt or further one is an error, never a pass. */
export function instruction<S extends z.ZodRawShape>(
  shape: S,
  check: (text: string, given: Arguments<S>) => boolean | null,
  problemOf: (given: Arguments<S>) => string | null = () => null,
): Instruction {
  const schema = z.strictObject(shape)
  return (given) => {
    const parsed = schema.safeParse(given)
    if (!parsed.success) return problemIn(parsed.error, Object.keys(shape))
    const values = parsed.data as Arguments<S>
    return problemOf(values) ?? ((text) => check(text, values))
  }
}

function problemIn(error: z.ZodError, known: readonly string[]): string {
  const unknown = error.issues.flatMap((issue) => (issue.code === 'unrecognized_keys' ? issue.keys : []))
  const takes = known.length === 0 ? 'it takes none' : `it takes ${known.join(', ')}`
  if (unknown.length > 0) return `it has the unknown argument ${quoteUntrusted(unknown[0] as string)} (${takes})`
  return `${String(error.issues[0]?.path[0])} must be ${error.issues[0]?.message}`
}

const WHOLE = 'a whole number of at least 1'

/** Something that is counted. Nothing asked for (0) would be followed by every text, or by none. */
export const COUNT = z.int(WHOLE).min(1, WHOLE).max(1_000_000, WHOLE)

/** A text that is not blank, as it stands. */
export const TEXT = z.string('a text').refine((text) => text.trim() !== '', 'a text that is not blank')

/** A text without white space around it. */
export const TRIMMED = TEXT.transform((text) => text.trim())

/** Texts, none blank. */
export const TEXTS = z.array(TEXT, 'a list of texts').min(1, 'a list of at least one text').max(1000, 'a list of at most 1000 texts')

/** The two relations of the dataset. */
export const RELATION = z.enum(['less than', 'at least'], '"less than" or "at least"')

/** Compares a count as a relation says. */
export function related(found: number, relation: 'less than' | 'at least', wanted: number): boolean {
  return relation === 'less than' ? found < wanted : found >= wanted
}
