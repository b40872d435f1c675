/** @file Skill: count words. */
import type { Skill } from '../skill.ts'
import { between, pickSome } from '../skill.ts'
import { NOUNS } from '../words.ts'

const ORDERS = ['How many words', 'Count the words']

export const count: Skill = {
  name: 'count',
  form: 'text',
  draw(random) {
    const words = pickSome(random, NOUNS, between(random, 1, 6))
    const order = random.pick(ORDERS)
    return { prompt: `${order}: ${words.join(' ')}`, answer: String(words.length), cluster: `${order} ${words[0]}` }
  },
}
