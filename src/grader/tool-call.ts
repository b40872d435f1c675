/**
 * @file Grader "tool-call": the model called the tools that it should have, with the right arguments.
 */
import type { JsonValue } from '../base/json.ts'
import { quoteUntrusted } from '../base/untrusted-text.ts'
import type { Case } from '../eval/case.ts'
import type { Grader } from '../eval/grader.ts'
import { builtIn } from '../eval/user-code.ts'
import { findToolCalls, MAX_CALLS } from './tool-calls/find-tool-calls.ts'
import type { FoundCalls } from './tool-calls/find-tool-calls.ts'
import { z } from 'zod'
import { checkOptions, choice, COMMON, FLAG } from './options/check-options.ts'
import { COMPARISONS } from './options/comparisons.ts'
import { gradeOf, unusableGold } from './grade-result.ts'
import { unusablePart } from './json/field-score.ts'
import { unknownFields } from './json/unknown-fields.ts'
import { matchCalls } from './tool-calls/match-tool-calls.ts'
import type { ArgumentsComparison, CallScore, ExpectedCall } from './tool-calls/match-tool-calls.ts'
import type { GraderCard } from './grader-card.ts'

/** Settings of `toolCall`. */
export interface ToolCallOptions {
  /** `exact`, `subset` (further arguments do not count), or how each argument that counts is compared, as in `jsonMatch`. Default `exact`. */
  readonly arguments?: ArgumentsComparison
  /** Whether several calls must come in the expected order. Default `any`. */
  readonly order?: 'any' | 'exact'
  /** Whether further calls are allowed. Default false: they count as wrong ones, and in profile `reward` give 0. */
  readonly allowExtra?: boolean
  readonly name?: string
  readonly weight?: number
}

/**
 * Expected is `{ name, arguments }`, or a list of them for calls made together; an empty list means that no tool should be called.
 * Reward is the mean over the calls of how right each is: 0 for a tool that was not called, else name and arguments count the same.
 * Profile `reward`: what stands in prose is no call, arguments have the expected JSON types, and an extra call, or one that is no JSON, gives 0.
 */
export function toolCall(options: ToolCallOptions = {}): Grader {
  checkOptions<ToolCallOptions>('toolCall', options, {
    ...COMMON,
    arguments: z
      .union([choice('exact', 'subset'), COMPARISONS], 'must be "exact", "subset" or an object like { city: \'text\' }')
      .optional(),
    order: choice('any', 'exact').optional(),
    allowExtra: FLAG.optional(),
  })
  const { arguments: comparison = 'exact', order = 'any', allowExtra = false } = options
  const names = typeof comparison === 'string' ? null : Object.keys(comparison)
  return builtIn({
    name: options.name ?? 'tool-call',
    kind: 'tool-call',
    // 2: a call in prose is a call where none is expected, in both profiles; each expected call gets the call that suits all of them best.
    version: 3,
    settings: { arguments: typeof comparison === 'string' ? comparison : { ...comparison }, order, allowExtra },
    weight: options.weight,
    ...(names !== null && { checkCases: (cases) => unknownFields(cases, names, { what: 'argument', objectsOf: argumentsOf }) }),
    expectedProblem(expected) {
      const gold = callsToMake(expected, comparison)
      return typeof gold === 'string' ? `not ${gold}` : null
    },
    traits: { expectsAnswer: () => false },
    grade(input) {
      const gold = callsToMake(input.case.expected, comparison)
      if (typeof gold === 'string') return unusableGold(gold)
      const found = findToolCalls(input)
      const strict = input.profile === 'reward'
      const tooMany = found.calls.length > gold.length && !allowExtra
      const refused = found.calls.length > MAX_CALLS || (strict && (found.broken || tooMany || found.rule === 'in-prose'))
      const scores = matchCalls(refused ? [] : found.calls, gold, { comparison, order, strict })
      const reward = refused ? 0 : meanScore(scores, found, allowExtra)
      return gradeOf(reward, { subRewards: partsOf(scores), formatValid: isFormatValid(found, gold), extractionRule: found.rule })
    },
  })
}

/** The expected calls, or what would have to be expected. */
function callsToMake(expected: JsonValue, comparison: ArgumentsComparison): readonly ExpectedCall[] | string {
  const gold = expectedCalls(expected)
  return gold === null ? 'a call like {"name": "…", "arguments": {…}} or a list of calls' : (unusableArgument(gold, comparison) ?? gold)
}

/** Why an expected argument cannot be compared with, null when all can. */
function unusableArgument(gold: readonly ExpectedCall[], comparison: ArgumentsComparison): string | null {
  if (typeof comparison === 'string') return null
  for (const { arguments: given } of gold)
    for (const [name, how] of Object.entries(comparison)) {
      const wanted = Object.hasOwn(given, name) ? unusablePart(given[name] as JsonValue, how) : null
      if (wanted !== null) return `a call whose argument ${quoteUntrusted(name)} is ${wanted}`
    }
  return null
}

function argumentsOf({ expected }: Case): readonly ExpectedCall['arguments'][] {
  return (expectedCalls(expected) ?? []).map((call) => call.arguments)
}

function meanScore(scores: readonly CallScore[], found: FoundCalls, allowExtra: boolean): number {
  const count = allowExtra ? scores.length : Math.max(scores.length, found.calls.length)
  if (count === 0) return found.broken ? 0 : 1
  return scores.reduce((sum, { score }) => sum + score, 0) / count
}

function isFormatValid(found: FoundCalls, gold: readonly ExpectedCall[]): boolean {
  return !found.broken && found.rule !== 'in-prose' && (found.calls.length > 0 || gold.length === 0)
}

/** Named "arguments.city", and with several calls "1.arguments.city". */
function partsOf(scores: readonly CallScore[]): Readonly<Record<string, number>> {
  const named = scores.flatMap(({ parts }, index) =>
    Object.entries(parts).map(([name, value]) => [scores.length === 1 ? name : `${index + 1}.${name}`, value] as const),
  )
  return Object.fromEntries(named)
}

function expectedCalls(expected: JsonValue): readonly ExpectedCall[] | null {
  const list = (Array.isArray(expected) ? expected : [expected]) as readonly JsonValue[]
  const calls = list.flatMap((value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return []
    const { name, arguments: given = {} } = value as Readonly<Record<string, JsonValue>>
    return typeof name === 'string' && typeof given === 'object' && given !== null && !Array.isArray(given)
      ? [{ name, arguments: given as ExpectedCall['arguments'] }]
      : []
  })
  return calls.length === list.length && calls.length <= MAX_CALLS ? calls : null
}

export const toolCallCard: GraderCard<typeof toolCall> = {
  make: toolCall,
  family: 'structure',
  compares: 'tool calls and their arguments',
  expected: '`{ name, arguments }`, a list, `[]` for none',
  rewardDemands: 'no calls in prose, no extra or broken call, right types',
  partialCredit: 'per call and argument',
  example: {
    make: () => toolCall(),
    expected: { name: 'pay', arguments: {} },
    right: '{"name":"pay","arguments":{}}',
    wrong: '{"name":"book","arguments":{}}',
  },
}
