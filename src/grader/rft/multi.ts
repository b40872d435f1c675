/**
 * @file The RFT grader "multi": arithmetic over the scores of other RFT graders, each on its own scale.
 */
import { quoteUntrusted } from '../../base/untrusted-text.ts'
import { parseOver } from '../formula.ts'
import { evaluateExpression } from '../formula/evaluate-expression.ts'
import { namesIn } from '../formula/expression.ts'
import type { Expression } from '../formula/expression.ts'
import type { Leaf, LeafInput, PartedScore, Prepared } from './leaf.ts'
import { failed } from './rft-failure.ts'
import type { RftFailure, RftScore } from './rft-failure.ts'

/** What a multi is made of. */
export interface MultiParts {
  readonly leaves: readonly (readonly [key: string, leaf: Leaf])[]
  readonly expression: string
  readonly where: string
  /** Whether a part without a number counts as the low end of its range. */
  readonly becomesZero: (failure: RftFailure) => boolean
}

/**
 * The multi, its expression read. All parts are scored, at the same time; only a part that the expression uses can make the whole fail.
 * @throws FormulaParseError
 */
export function prepareMulti(parts: MultiParts): Prepared {
  const { leaves, where } = parts
  const keys = leaves.map(([key]) => key)
  const expression = parseOver(parts.expression, keys, where)
  const used = new Set(namesIn(expression).map(({ name }) => name))
  const limits = leaves.flatMap(([, { timeoutMs }]) => (timeoutMs === undefined ? [] : [timeoutMs]))
  const combine = (results: readonly RftScore[]): PartedScore => combined({ ...parts, used }, expression, results)
  return {
    range: [0, 1],
    timeoutMs: limits.length === 0 ? undefined : Math.max(...limits),
    score(input) {
      const given = leaves.map(([key, leaf]) => scoreOf(key, leaf, input))
      return given.some((score) => score instanceof Promise)
        ? Promise.all(given.map(async (score) => score)).then(combine)
        : combine(given as RftScore[])
    },
  }
}

function scoreOf(key: string, leaf: Leaf, input: LeafInput): RftScore | Promise<RftScore> {
  const given = leaf.score(input)
  return given instanceof Promise ? given.then((score) => naming(key, score)) : naming(key, given)
}

/** The failure with its part's name before it. */
function naming(key: string, score: RftScore): RftScore {
  if ('score' in score) return score
  return { failure: { ...score.failure, message: `part ${quoteUntrusted(key)}: ${score.failure.message}` } }
}

function combined(
  { leaves, used, becomesZero }: MultiParts & { readonly used: ReadonlySet<string> },
  expression: Expression,
  results: readonly RftScore[],
): PartedScore {
  const values = new Map<string, number>()
  const errors: RftFailure[] = []
  for (const [index, [key, { range }]] of leaves.entries()) {
    const result = results[index] as RftScore
    if ('score' in result) values.set(key, result.score)
    else if (becomesZero(result.failure)) values.set(key, range[0])
    if ('failure' in result && used.has(key)) errors.push(result.failure)
  }
  const parts = Object.fromEntries(leaves.map(([key]) => [key, values.get(key) ?? null]))
  const broken = errors.find((failure) => !becomesZero(failure))
  if (broken !== undefined) return { result: { failure: broken }, parts, errors }
  const outcome = evaluateExpression(expression, values)
  if ('value' in outcome) return { result: { score: outcome.value }, parts, errors }
  const failure = failed(outcome.error.code, outcome.error.message)
  return { result: failure, parts, errors: [...errors, failure.failure] }
}
