/**
 * @file Tries each grader of an eval on answers that are known to be wrong or right, and says where it misjudges. A grader that asks a model is tried on a
 * few answers, where models are given, else on none: a grade that could not be given is counted and never called right.
 */
import type { Case } from '../eval/case.ts'
import { casesWithRole } from '../eval/cases/case-list.ts'
import type { Completion } from '../eval/completion.ts'
import type { Eval } from '../eval/eval.ts'
import type { Grader, GraderModels, GradingProfile } from '../eval/grader.ts'
import { seededRandom } from '../base/seeded-random.ts'
import { gradeCompletion } from './grade-completion.ts'
import { isRight, makeMaterial } from './mutations/material.ts'
import type { Material } from './mutations/material.ts'
import { rightVariants } from './mutations/right-answers.ts'
import { WRONG_ANSWERS } from './mutations/wrong-answers.ts'
import type { WrongFamily } from './mutations/wrong-answers.ts'

/** What kind of answer it is. "demonstration": the eval itself declares it right; "right": the same with a difference that carries nothing. */
export type AnswerFamily = WrongFamily | 'demonstration' | 'right'

/** How one kind of answer fared with one grader. */
export interface MutationResult {
  readonly mutation: string
  readonly family: AnswerFamily
  readonly tried: number
  /** Wrong answers that passed, or right ones that did not. */
  readonly misjudged: number
  readonly ungraded: number
  /** The highest reward that a wrong answer got, the lowest of a right one; null when nothing was graded. */
  readonly extremeReward: number | null
  readonly examples: readonly { readonly caseId: string; readonly text: string; readonly reward: number }[]
}

/** One grader in one profile. */
export interface GraderResult {
  readonly grader: string
  readonly kind: string
  /** False for audit graders, which may be lenient in ways that a reward may not. */
  readonly rewarded: boolean
  readonly profile: GradingProfile
  /** Shares of graded answers; null when none was graded. */
  readonly falsePositiveShare: number | null
  readonly falseNegativeShare: number | null
  /** Code and message of the first grade that could not be given. */
  readonly ungradedBecause: string | null
  readonly mutations: readonly MutationResult[]
}

/** What a check found. The same eval, seed and number of cases give the same result. */
export interface GraderCheck {
  readonly eval: string
  readonly seed: number
  readonly caseIds: readonly string[]
  readonly passThreshold: number
  readonly graders: readonly GraderResult[]
}

/** How much is tried. */
export interface CheckGradersOptions {
  /** Default 20. */
  readonly cases?: number
  /** Default 1. */
  readonly seed?: number
  /** Which wrong answers; right ones are tried only when this is left out. */
  readonly families?: readonly WrongFamily[]
  /** Default: both. */
  readonly profiles?: readonly GradingProfile[]
  /** Models that graders may ask. A grader that asks one is tried in the profile "reward" on at most 5 cases. Default: none may be asked. */
  readonly models?: GraderModels
}

const EXAMPLES = 3
const EXAMPLE_LENGTH = 300
/** Cases that a grader which asks a model is tried on, and with what: each answer costs a question. */
const ASKED_CASES = 5
const ASKED_FAMILIES: ReadonlySet<AnswerFamily> = new Set(['empty', 'other-answer', 'persuasion', 'demonstration'])
const PROFILES: readonly GradingProfile[] = ['eval', 'reward']

/** Tries all graders of an eval. Training and development cases are used where there are any, so that sealed cases stay out of the result. */
export async function checkGraders(definition: Eval, options: CheckGradersOptions = {}): Promise<GraderCheck> {
  const { cases: count = 20, seed = 1, families, profiles = PROFILES, models } = options
  const cases = chooseCases(definition, count, seed)
  const material = makeMaterial(definition, cases, seed)
  const attempts = material.flatMap((one) => wrongAttempts(one, families))
  const graders: GraderResult[] = []
  for (const grader of [...definition.graders, ...definition.auditGraders]) {
    const right = families === undefined ? material.flatMap((one) => rightAttempts(one, grader)) : []
    const all = [...attempts, ...right]
    const asks = models !== undefined && asksModels(grader)
    const asked = new Set(material.slice(0, ASKED_CASES))
    const tried = asks ? all.filter((attempt) => asked.has(attempt.material) && ASKED_FAMILIES.has(attempt.family)) : all
    const wanted = asks && profiles.includes('reward') ? (['reward'] as const) : profiles
    for (const profile of wanted) graders.push(await tryGrader(definition, { grader, profile, attempts: tried, ...(asks && { models }) }))
  }
  return { eval: definition.name, seed, caseIds: cases.map(({ id }) => id), passThreshold: definition.passThreshold, graders }
}

/** Whether a grader, or a part of it, asks another model. */
function asksModels({ traits, ...grader }: Grader & { readonly parts?: unknown }): boolean {
  const parts = typeof grader.parts === 'object' && grader.parts !== null ? (Object.values(grader.parts) as Grader[]) : []
  return traits?.asksModel === true || parts.some(asksModels)
}

interface Attempt {
  readonly material: Material
  readonly mutation: string
  readonly family: AnswerFamily
  readonly profiles: readonly GradingProfile[]
  readonly text: string
}

function chooseCases(definition: Eval, count: number, seed: number): readonly Case[] {
  const open = [...casesWithRole(definition.cases, 'dev'), ...casesWithRole(definition.cases, 'train')]
  const pool = open.length > 0 ? open : definition.cases
  const random = seededRandom(seed, 'cases', definition.name)
  const indices = new Set<number>()
  if (pool.length <= count) return pool.slice()
  while (indices.size < count) indices.add(random.integer(pool.length))
  return [...indices].map((at) => pool[at] as Case)
}

function wrongAttempts(material: Material, families: readonly WrongFamily[] | undefined): readonly Attempt[] {
  return WRONG_ANSWERS.filter(({ family }) => families === undefined || families.includes(family)).flatMap(
    ({ name, family, profiles, make }) => {
      const text = make(material)
      return text === null || isRight(text, material.right) ? [] : [{ material, mutation: name, family, profiles, text }]
    },
  )
}

function rightAttempts(material: Material, grader: Grader): readonly Attempt[] {
  return rightVariants(material, grader).map(({ name, declared, profiles, text }) => ({
    ...{ material, mutation: name, profiles, text },
    family: declared ? 'demonstration' : 'right',
  }))
}

interface Trial {
  readonly grader: Grader
  readonly profile: GradingProfile
  readonly attempts: readonly Attempt[]
  readonly models?: GraderModels
}

async function tryGrader(definition: Eval, { grader, profile, attempts, models }: Trial): Promise<GraderResult> {
  // With its parser, and alone: what another grader says must not hide what this one passes.
  const alone = { graders: [grader], auditGraders: [], parse: definition.parse }
  const rows = new Map<string, MutableResult>()
  let ungradedBecause: string | null = null
  for (const { material, mutation, family, text } of attempts.filter(({ profiles }) => profiles.includes(profile))) {
    const messages = definition.messages.get(material.row.id)
    const { reward, errors } = await gradeCompletion(alone, material.row, { completion: completionOf(text), profile, messages, models })
    if (reward === null) ungradedBecause ??= errors[0] === undefined ? null : `${errors[0].code}: ${errors[0].message}`
    const row = rows.get(mutation) ?? { mutation, family, tried: 0, misjudged: 0, ungraded: 0, extremeReward: null, examples: [] }
    rows.set(mutation, row)
    count(row, { caseId: material.row.id, text, reward }, definition.passThreshold)
  }
  const mutations = [...rows.values()]
  return {
    ...{ grader: grader.name, kind: grader.kind, rewarded: definition.graders.includes(grader), profile },
    falsePositiveShare: misjudgedShare(mutations.filter(({ family }) => !isRightFamily(family))),
    falseNegativeShare: misjudgedShare(mutations.filter(({ family }) => isRightFamily(family))),
    ungradedBecause,
    mutations,
  }
}

type MutableResult = { -readonly [Key in keyof MutationResult]: MutationResult[Key] }

function count(
  row: MutableResult,
  answer: { readonly caseId: string; readonly text: string; readonly reward: number | null },
  threshold: number,
): void {
  const { caseId, text, reward } = answer
  row.tried += 1
  if (reward === null) {
    row.ungraded += 1
    return
  }
  const isWrong = !isRightFamily(row.family)
  row.extremeReward = isWrong ? Math.max(row.extremeReward ?? 0, reward) : Math.min(row.extremeReward ?? 1, reward)
  if (reward >= threshold !== isWrong) return
  row.misjudged += 1
  if (row.examples.length < EXAMPLES) row.examples = [...row.examples, { caseId, text: text.slice(0, EXAMPLE_LENGTH), reward }]
}

/** Whether answers of that family are right. */
export function isRightFamily(family: AnswerFamily): boolean {
  return family === 'right' || family === 'demonstration'
}

function misjudgedShare(rows: readonly MutationResult[]): number | null {
  const graded = rows.reduce((sum, { tried, ungraded }) => sum + tried - ungraded, 0)
  return graded === 0 ? null : rows.reduce((sum, { misjudged }) => sum + misjudged, 0) / graded
}

function completionOf(text: string): Completion {
  return { text, tokenIds: [], logProbs: null, finishReason: 'stop' }
}
