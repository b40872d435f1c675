/** @file Skill: say words in the opposite order. */
import type { Skill } from '../skill.ts'
import { between, pickSome } from '../skill.ts'
import { NOUNS } from '../words.ts'

const ORDERS = ['Reverse', 'Backwards']

export const reverse: Skill = {
  name: 'reverse',
  form: 'text',
  draw(random) {
    const words = pickSome(random, NOUNS, between(random, 2, 4))
    const order = random.pick(ORDERS)
    return { prompt: `${order}: ${words.join(' ')}`, answer: words.toReversed().join(' '), cluster: `${order} ${words[0]}` }
  },
}
