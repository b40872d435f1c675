/**
 * @file Grader "set": the answer is several items, in any order.
 */
import type { Grader } from '../eval/grader.ts'
import { commonAnyOrder } from './items/item-score.ts'
import { itemsGrader } from './items/items-grader.ts'
import type { ListOptions } from './items/items-grader.ts'
import type { GraderCard } from './grader-card.ts'

/**
 * Reward is how much of the expected set the answer has, in any order. Expected duplicates count once.
 * Profile `eval`: F1, and repeated items count once. Profile `reward`: each item too many, a repeated one included, costs as much as a right
 * one earns, so that listing everything earns nothing.
 * @throws GraderOptionsError
 */
export function set(options: ListOptions = {}): Grader {
  return itemsGrader('set', options, commonAnyOrder)
}

export const setCard: GraderCard<typeof set> = {
  make: set,
  family: 'value',
  compares: 'items, in any order',
  expected: 'a list of texts, numbers, booleans',
  rewardDemands: 'an item too many costs as much as a right one earns',
  partialCredit: "per item, unless `credit: 'all'`",
  example: { make: () => set(), expected: ['fig', 'plum'], right: 'fig, plum', wrong: 'pear' },
}
