/**
 * @file Grader "list": the answer is several items, in the expected order.
 */
import type { Grader } from '../eval/grader.ts'
import { commonInOrder } from './items/item-score.ts'
import { itemsGrader } from './items/items-grader.ts'
import type { ListOptions } from './items/items-grader.ts'
import type { GraderCard } from './grader-card.ts'

/**
 * Reward is how much of the expected list the answer has, in the expected order: items out of order count as wrong.
 * Profile `eval`: F1 of the longest common run; "a, b and c" and a sentence before a colon are understood.
 * Profile `reward`: each item too many, a repeated one included, costs as much as a right one earns, so that listing everything earns nothing.
 * @throws GraderOptionsError
 */
export function list(options: ListOptions = {}): Grader {
  return itemsGrader('list', options, commonInOrder)
}

export const listCard: GraderCard<typeof list> = {
  make: list,
  family: 'value',
  compares: 'items, in order',
  expected: 'a list of texts, numbers, booleans',
  rewardDemands: 'an item too many costs as much as a right one earns',
  partialCredit: "per item, unless `credit: 'all'`",
  example: { make: () => list(), expected: ['fig', 'plum'], right: 'fig, plum', wrong: 'pear' },
}
