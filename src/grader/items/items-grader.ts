/**
 * @file What the graders "list" and "set" share: finding the items of an answer and counting those that are expected.
 */
import type { JsonValue } from '../../base/json.ts'
import type { Grader } from '../../eval/grader.ts'
import { builtIn } from '../../eval/user-code.ts'
import { GraderOptionsError } from '../errors.ts'
import { gradeOf, unusableGold } from '../grade-result.ts'
import { checkOptions, choice, COMMON, TEXT } from '../options/check-options.ts'
import { f1, itemKey, strictShare } from './item-score.ts'
import type { ItemComparison } from './item-score.ts'
import { isListDenied, MAX_ITEMS, splitItems } from './split-items.ts'
import type { FoundItems } from './split-items.ts'

/** Settings of `list` and `set`. */
export interface ListOptions {
  /** How items are compared. Default `text`: letter case, Unicode form and white space do not count. */
  readonly items?: ItemComparison
  /** `partial`: some right items earn something; `all`: only the whole list or set is right. Default `partial`. */
  readonly credit?: 'partial' | 'all'
  /** What stands between items, like "|". Default: a JSON array, lines with or without bullets, semicolons or commas are all read. */
  readonly separator?: string
  readonly name?: string
  readonly weight?: number
}

const WANTED = `a list of 1 to ${MAX_ITEMS} texts, numbers or booleans`

/** A grader of that kind: `countCommon` says how many of the given items count, in order or not. @throws GraderOptionsError */
export function itemsGrader(
  kind: 'list' | 'set',
  options: ListOptions,
  countCommon: (given: readonly string[], wanted: readonly string[]) => number,
): Grader {
  checkOptions<ListOptions>(kind, options, {
    ...COMMON,
    items: choice('exact', 'text', 'number', 'date').optional(),
    credit: choice('partial', 'all').optional(),
    separator: TEXT.optional(),
  })
  const { items: comparison = 'text', credit = 'partial', separator } = options
  if (separator === '')
    throw new GraderOptionsError({ grader: kind, problem: 'the separator is empty', fix: 'give a separator like "," or leave it out' })
  return builtIn({
    name: options.name ?? kind,
    kind,
    // 2: a list that its heading or last line denies is none.
    version: 3,
    settings: { items: comparison, credit, separator: separator ?? null },
    weight: options.weight,
    expectedProblem: (expected) => (goldItems(expected) === undefined ? `not ${WANTED}` : null),
    grade(input) {
      const gold = goldItems(input.case.expected)?.map((item) => itemKey(item, comparison))
      if (gold === undefined) return unusableGold(WANTED)
      const strict = input.profile === 'reward'
      const share = ({ items }: FoundItems): number => {
        const keys = items.map((item) => itemKey(item, comparison))
        const wanted = kind === 'set' ? [...new Set(gold)] : gold
        const given = kind === 'set' && !strict ? [...new Set(keys)] : keys
        return (strict ? strictShare : f1)(countCommon(given, wanted), given.length, wanted.length)
      }
      // An item may have a colon or an "and" of its own: leniently both readings are tried.
      const readings = (strict ? [false] : [false, true]).flatMap((lenient) => splitItems(input, separator ?? null, lenient) ?? [])
      const [best] = readings.map((found) => ({ share: share(found), rule: found.rule })).sort((a, b) => b.share - a.share)
      if (best === undefined || isListDenied(input)) return gradeOf(0, { formatValid: false })
      const reward = credit === 'all' && best.share < 1 ? 0 : best.share
      return gradeOf(reward, { formatValid: best.rule !== 'in-prose', extractionRule: best.rule })
    },
  })
}

function goldItems(expected: JsonValue): readonly string[] | undefined {
  if (!Array.isArray(expected) || expected.length === 0 || expected.length > MAX_ITEMS) return undefined
  const items = expected as readonly JsonValue[]
  return items.some((item) => typeof item === 'object') ? undefined : items.map(String)
}
