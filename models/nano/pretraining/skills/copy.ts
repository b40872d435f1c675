/** @file Skill: repeat words as they stand, clinic words and names among them. */
import type { Skill } from '../skill.ts'
import { between, pickSome } from '../skill.ts'
import { DRUGS, FIRST_NAMES, LAST_NAMES, NOUNS } from '../words.ts'

const WORDS: readonly string[] = [...NOUNS, ...FIRST_NAMES, ...LAST_NAMES, ...DRUGS]
const ORDERS = ['Repeat', 'Copy', 'Say again']

export const copy: Skill = {
  name: 'copy',
  form: 'text',
  draw(random) {
    const words = pickSome(random, WORDS, between(random, 2, 4))
    const order = random.pick(ORDERS)
    return { prompt: `${order}: ${words.join(' ')}`, answer: words.join(' '), cluster: `${order} ${words[0]}` }
  },
}
