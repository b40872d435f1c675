/**
 * @file Grades one completion with several graders whose grades become one. A part that breaks is a grade that could not be given.
 */
import { quoteUntrusted } from '../../base/untrusted-text.ts'
import type { Grade, GradeInput, Grader } from '../../eval/grader.ts'
import { gradeOf, ungraded } from '../grade-result.ts'
import { partHash } from '../grader-hash.ts'

/** Graders by the name that they have in the whole. */
export type NamedGraders = readonly (readonly [string, Grader])[]

/** A grader that is made of others. `parts` is what it was made of, for export. */
export interface CombinedGrader extends Grader {
  readonly parts: Readonly<Record<string, Grader>>
}

const DEFAULT_TIMEOUT_MS = 30_000

/** Calls all parts, at the same time where they take time, and `combine` with their grades. A promise only where a part gave one. */
export function gradeParts(parts: NamedGraders, input: GradeInput, combine: (grades: readonly Grade[]) => Grade): Grade | Promise<Grade> {
  const given = parts.map(([name, grader]) => callPart(name, grader, input))
  return given.some(isPromise) ? Promise.all(given.map(async (grade) => grade)).then(combine) : combine(given as Grade[])
}

/** A grade of the whole with the parts' rewards named "part" and "part.detail". Errors are the caller's. */
export function combinedGrade(parts: NamedGraders, grades: readonly Grade[], reward: number): Grade {
  const formats = grades.flatMap(({ formatValid }) => (formatValid === null ? [] : [formatValid]))
  const rules = new Set(grades.flatMap(({ extractionRule }) => (extractionRule === null ? [] : [extractionRule])))
  return gradeOf(reward, {
    subRewards: subRewardsOf(parts, grades),
    formatValid: formats.length === 0 ? null : formats.every(Boolean),
    extractionRule: rules.size === 0 ? null : [...rules].join('+'),
  })
}

/** Rewards of all parts by name, and of their own parts. */
export function subRewardsOf(parts: NamedGraders, grades: readonly Grade[]): Grade['subRewards'] {
  const rows = parts.flatMap(([name], index) => {
    const { reward, subRewards } = grades[index] as Grade
    return [[name, reward] as const, ...Object.entries(subRewards).map(([part, value]) => [`${name}.${part}`, value] as const)]
  })
  return Object.fromEntries(rows)
}

/** Hashes of the parts by name: what they contribute to the identity of the whole. */
export function partHashes(parts: NamedGraders): Readonly<Record<string, string>> {
  return Object.fromEntries(parts.map(([name, grader]) => [name, partHash(grader)]))
}

/** The slowest part's time limit; undefined where no part asks for one of its own. */
export function partsTimeoutMs(parts: NamedGraders): number | undefined {
  if (parts.every(([, { timeoutMs }]) => timeoutMs === undefined)) return undefined
  return Math.max(...parts.map(([, { timeoutMs }]) => timeoutMs ?? DEFAULT_TIMEOUT_MS))
}

function callPart(name: string, grader: Grader, input: GradeInput): Grade | Promise<Grade> {
  try {
    const given = grader.grade(input)
    if (!isPromise(given)) return checked(name, given)
    return Promise.resolve(given).then(
      (grade) => checked(name, grade),
      (error: unknown) => threw(name, error),
    )
  } catch (error) {
    return threw(name, error)
  }
}

function threw(name: string, error: unknown): Grade {
  const reason = quoteUntrusted(error instanceof Error ? error.message : String(error), 200)
  return ungraded('GRADER_THREW', `the part ${quoteUntrusted(name)} threw ${reason}`)
}

/** A part's reward goes into arithmetic: what is none must not. */
function checked(name: string, grade: Grade): Grade {
  const reward: unknown = typeof grade === 'object' && grade !== null ? grade.reward : undefined
  const good = reward === null || (typeof reward === 'number' && reward >= 0 && reward <= 1)
  return good ? { ...gradeOf(0), ...grade } : ungraded('GRADER_BAD_GRADE', `the part ${quoteUntrusted(name)} gave no reward from 0 to 1`)
}

// Not by instanceof: the grader may come from another realm.
function isPromise(value: unknown): value is Promise<Grade> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function'
}
