/**
 * @file Pairs two models' grades of one eval by case and repeat, and refuses pairs that were not asked or judged alike.
 * Takes what a grade record holds; knows nothing of files or runs.
 */
import { GradeDuplicatedError, GradesNotComparableError } from './errors.ts'
import type { HashDifference } from './errors.ts'
import type { PairedGrade } from './verdict.ts'

/** What must agree before two grades are a pair. A grade record satisfies it. */
export interface PairingHashes {
  readonly messages: string
  readonly gold: string
  readonly grader: string
  readonly sampling: string
  readonly rendered: string
  readonly decoding: string
}

/** One grade of one model, as far as pairing needs it. A grade record satisfies it. */
export interface GradeToPair {
  readonly caseId: string
  readonly repeat: number
  readonly cluster: string | null
  /** Null means "could not be graded". */
  readonly reward: number | null
  readonly pass: boolean | null
  readonly hashes: PairingHashes
}

/** Inside one run everything must agree; between foreign models the template and the decoding may differ and are reported. */
export type PairingMode = 'run' | 'foreign'

/** Pairs, and what differed without being refused. */
export interface Pairing {
  readonly pairs: readonly PairedGrade[]
  readonly differences: readonly HashDifference[]
}

const ALWAYS_EQUAL = ['messages', 'gold', 'grader', 'sampling'] as const
const EQUAL_IN_A_RUN = ['rendered', 'decoding'] as const
const EXAMPLES = 3

/**
 * Pairs `before` with `after`. A case that only one side has becomes a pair with an ungraded other side, so it counts against the error
 * budget instead of vanishing. Throws `GRADES_NOT_COMPARABLE` and `GRADE_DUPLICATED`.
 */
export function pairGrades(
  before: readonly GradeToPair[],
  after: readonly GradeToPair[],
  { evalName, mode }: { readonly evalName: string; readonly mode: PairingMode },
): Pairing {
  const [left, right] = [index(before, evalName, 'before'), index(after, evalName, 'after')]
  const keys = new Set([...left.keys(), ...right.keys()])
  const sides = [...keys].map((key) => [left.get(key), right.get(key)] as const)
  const refused = [...ALWAYS_EQUAL, ...(mode === 'run' ? EQUAL_IN_A_RUN : [])].flatMap((hash) => findDifference(sides, hash))
  if (refused.length > 0) throw new GradesNotComparableError({ evalName, differences: refused })
  const differences = mode === 'run' ? [] : EQUAL_IN_A_RUN.flatMap((hash) => findDifference(sides, hash))
  return { pairs: sides.map(([one, other]) => pair(one, other)), differences }
}

type Sides = readonly (readonly [GradeToPair | undefined, GradeToPair | undefined])[]

function index(grades: readonly GradeToPair[], evalName: string, side: 'before' | 'after'): Map<string, GradeToPair> {
  const byKey = new Map<string, GradeToPair>()
  for (const grade of grades) {
    const key = `${grade.repeat} ${grade.caseId}`
    if (byKey.has(key)) throw new GradeDuplicatedError({ evalName, side, caseId: grade.caseId, repeat: grade.repeat })
    byKey.set(key, grade)
  }
  return byKey
}

function findDifference(sides: Sides, hash: keyof PairingHashes): HashDifference[] {
  const differing = sides.filter(([one, other]) => one !== undefined && other !== undefined && one.hashes[hash] !== other.hashes[hash])
  if (differing.length === 0) return []
  const caseIds = differing.slice(0, EXAMPLES).map(([one]) => one?.caseId ?? '')
  return [{ hash, pairs: differing.length, caseIds }]
}

function pair(before: GradeToPair | undefined, after: GradeToPair | undefined): PairedGrade {
  const known = (before ?? after) as GradeToPair
  return {
    caseId: known.caseId,
    repeat: known.repeat,
    cluster: known.cluster,
    before: before?.reward ?? null,
    after: after?.reward ?? null,
    passBefore: before?.pass ?? null,
    passAfter: after?.pass ?? null,
  }
}
