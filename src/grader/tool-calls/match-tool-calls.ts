/**
 * @file Matches the calls that were made with those that were expected, and says how right each is.
 */
import type { JsonValue } from '../../base/json.ts'
import { scorePart } from '../json/field-score.ts'
import type { PartComparison } from '../json/field-score.ts'
import type { JsonObject } from '../json/find-json-object.ts'
import { assignBest } from './assign-best.ts'
import type { FoundCall } from './find-tool-calls.ts'

/** `exact`: the arguments are the expected ones and no others; `subset`: further ones do not count; or a comparison for each that counts. */
export type ArgumentsComparison = 'exact' | 'subset' | Readonly<Record<string, PartComparison>>

/** A call that is expected. */
export interface ExpectedCall {
  readonly name: string
  readonly arguments: Readonly<Record<string, JsonValue>>
}

/** How a call is compared. */
export interface CallRules {
  readonly comparison: ArgumentsComparison
  readonly strict: boolean
}

/** How right one expected call was made. `parts` has the name and each argument. */
export interface CallScore {
  readonly score: number
  readonly parts: Readonly<Record<string, number>>
}

/**
 * A call with another name scores 0; else the name and each argument count the same, and arguments too many count as wrong ones.
 * An argument that is expected as null may be left out.
 */
function scoreCall(given: FoundCall | undefined, gold: ExpectedCall, { comparison, strict }: CallRules): CallScore {
  const fields =
    typeof comparison === 'object' ? Object.entries(comparison) : Object.keys(gold.arguments).map((key) => [key, 'exact'] as const)
  const named = given?.name === gold.name
  const scores = fields.map(([key, how]) => {
    const value = named && given.arguments !== null ? own(given.arguments, key) : undefined
    if (value === undefined) return given?.arguments != null && named && own(gold.arguments, key) == null ? 1 : 0
    return scorePart({ given: value, gold: own(gold.arguments, key) ?? null, comparison: how, strict })
  })
  const extra = comparison === 'exact' && named && given.arguments !== null ? extraKeys(given.arguments, gold.arguments) : 0
  // Arguments that are no JSON cannot be right, not even where none are expected.
  const unreadable = named && given.arguments === null ? 1 : 0
  const right = (named ? 1 : 0) + scores.reduce((sum, score) => sum + score, 0)
  const parts = [['name', named ? 1 : 0] as const, ...fields.map(([key], index) => [`arguments.${key}`, scores[index] as number] as const)]
  return { score: named ? right / (1 + fields.length + extra + unreadable) : 0, parts: Object.fromEntries(parts) }
}

/** For each expected call the score of the call made for it: the one at its index, or in any order so that they are as right as possible together. */
export function matchCalls(
  given: readonly FoundCall[],
  gold: readonly ExpectedCall[],
  rules: CallRules & { readonly order: 'any' | 'exact' },
): readonly CallScore[] {
  if (rules.order === 'exact') return gold.map((call, index) => scoreCall(given[index], call, rules))
  const pairs = gold.map((call) => given.map((made) => scoreCall(made, call, rules)))
  const columns = assignBest(
    pairs.map((row) => row.map(({ score }) => score)),
    given.length,
  )
  return gold.map((call, index) => {
    const chosen = pairs[index]?.[columns[index] ?? -1]
    return chosen !== undefined && chosen.score > 0 ? chosen : scoreCall(undefined, call, rules)
  })
}

function own(object: JsonObject, key: string): JsonValue | undefined {
  return Object.hasOwn(object, key) ? (object[key] as JsonValue) : undefined
}

function extraKeys(given: JsonObject, gold: JsonObject): number {
  return Object.keys(given).filter((key) => !Object.hasOwn(gold, key)).length
}
