/**
 * @file Grader "formula": arithmetic over the rewards of other graders.
 */
import { z } from 'zod'
import { quoteUntrusted } from '../base/untrusted-text.ts'
import type { Grade, Grader } from '../eval/grader.ts'
import { builtIn } from '../eval/user-code.ts'
import { CombinationInvalidError, FormulaParseError } from './formula/errors.ts'
import { evaluateExpression } from './formula/evaluate-expression.ts'
import { NAME, namesIn } from './formula/expression.ts'
import type { Expression } from './formula/expression.ts'
import { combinedGrade, gradeParts, partHashes, partsTimeoutMs, subRewardsOf } from './formula/grade-parts.ts'
import type { CombinedGrader, NamedGraders } from './formula/grade-parts.ts'
import { parseExpression } from './formula/parse-expression.ts'
import { withCallSite } from './options/call-site.ts'
import { byName, checkOptions, choice, COMMON, GRADER, TEXT } from './options/check-options.ts'
import { ungraded } from './grade-result.ts'
import { exactMatch } from './exact-match.ts'
import { inheritedFrom } from './grader-hash.ts'
import type { GraderCard } from './grader-card.ts'

/** Settings of `formula`. */
export interface FormulaOptions {
  /** The parts by the name that the expression calls them: letters, digits and underscores. */
  readonly graders: Readonly<Record<string, Grader>>
  /** Operators + - * / ^ (`^` from the right, tighter than a minus), parentheses, numbers, min max abs floor ceil exp sqrt log (natural). */
  readonly expression: string
  /** Reward 1 when the value is at least this, else 0. Left out: the value is the reward. */
  readonly pass?: number
  /** A value outside 0 to 1 becomes the nearer end, or could not be graded (`refuse`). Default `clamp`. */
  readonly outOfRange?: 'clamp' | 'refuse'
  readonly name?: string
  readonly weight?: number
}

/**
 * Reward is the value of the expression. All parts are graded and named in the sub-rewards; a null reward of a part that the expression
 * uses makes the whole null with that part's errors, as do FORMULA_DIVISION_BY_ZERO, FORMULA_NOT_FINITE and FORMULA_OUT_OF_RANGE.
 * @throws FormulaParseError, CombinationInvalidError, GraderOptionsError
 */
export function formula(options: FormulaOptions): CombinedGrader {
  checkOptions<FormulaOptions>('formula', options, {
    ...COMMON,
    graders: byName(GRADER, '{ right: graders.exactMatch() }'),
    expression: TEXT,
    pass: z.number('must be a number').optional(),
    outOfRange: choice('clamp', 'refuse').optional(),
  })
  const name = options.name ?? 'formula'
  const where = withCallSite(`grader ${quoteUntrusted(name)}`)
  const parts: NamedGraders = Object.entries(options.graders)
  const badName = parts.find(([key]) => !NAME.test(key))?.[0]
  if (badName !== undefined)
    throw new CombinationInvalidError({ where, problem: `a formula cannot call a part ${quoteUntrusted(badName)}` })
  const expression = parseOver(options.expression, Object.keys(options.graders), where)
  const pass = options.pass ?? null
  const outOfRange = options.outOfRange ?? 'clamp'
  return builtIn({
    name,
    kind: 'formula',
    version: 1,
    settings: { graders: partHashes(parts), expression: options.expression, pass, outOfRange },
    weight: options.weight,
    timeoutMs: partsTimeoutMs(parts),
    parts: Object.fromEntries(parts),
    ...inheritedFrom(Object.values(options.graders)),
    grade: (input) => gradeParts(parts, input, (grades) => gradeFormula({ parts, expression, pass, outOfRange }, grades)),
  })
}

/**
 * An expression that names nothing but `names`.
 * @throws FormulaParseError
 */
export function parseOver(source: string, names: readonly string[], where: string): Expression {
  const expression = parseExpression(source, where)
  const unknown = namesIn(expression).find(({ name }) => !names.includes(name))
  if (unknown === undefined) return expression
  const known = names.map((name) => quoteUntrusted(name)).join(', ')
  const text = `${quoteUntrusted(unknown.name)} is none of the graders ${known === '' ? '(there are none)' : known}`
  throw new FormulaParseError({ where, source, at: unknown.at + 1, text })
}

interface Formula {
  readonly parts: NamedGraders
  readonly expression: Expression
  readonly pass: number | null
  readonly outOfRange: 'clamp' | 'refuse'
}

function gradeFormula({ parts, expression, pass, outOfRange }: Formula, grades: readonly Grade[]): Grade {
  const values = new Map<string, number>()
  for (const [index, [name]] of parts.entries()) {
    const reward = grades[index]?.reward ?? null
    if (reward !== null) values.set(name, reward)
  }
  const subRewards = subRewardsOf(parts, grades)
  const used = new Set(namesIn(expression).map(({ name }) => name))
  const missing = parts.flatMap(([name], index) => (used.has(name) && !values.has(name) ? [grades[index] as Grade] : []))
  if (missing.length > 0) return { ...combinedGrade(parts, grades, 0), reward: null, errors: missing.flatMap(({ errors }) => errors) }
  const result = evaluateExpression(expression, values)
  if ('error' in result) return { ...ungraded(result.error.code, result.error.message), subRewards }
  if (pass !== null) return combinedGrade(parts, grades, result.value >= pass ? 1 : 0)
  if (outOfRange === 'refuse' && (result.value < 0 || result.value > 1))
    return { ...ungraded('FORMULA_OUT_OF_RANGE', `the formula's value ${result.value} is not from 0 to 1`), subRewards }
  return combinedGrade(parts, grades, Math.min(1, Math.max(0, result.value)))
}

export const formulaCard: GraderCard<typeof formula> = {
  make: formula,
  family: 'combination',
  compares: 'arithmetic over other graders',
  expected: 'as these',
  rewardDemands: 'as these',
  partialCredit: 'yes',
  example: { make: () => formula({ graders: { same: exactMatch() }, expression: 'same' }), expected: 'yes', right: 'yes', wrong: 'no' },
}
