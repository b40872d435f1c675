/** @file Skill: say whether a word is in a list. */
import type { Skill } from '../skill.ts'
import { between, pickSome } from '../skill.ts'
import { NOUNS } from '../words.ts'

export const contains: Skill = {
  name: 'contains',
  form: 'text',
  draw(random) {
    const words = pickSome(random, NOUNS, between(random, 3, 5))
    const inside = random.next() < 0.5
    const asked = inside ? random.pick(words) : random.pick(NOUNS.filter((noun) => !words.includes(noun)))
    return { prompt: `Is ${asked} in: ${words.join(' ')}?`, answer: inside ? 'yes' : 'no', cluster: `${words.length} ${asked}` }
  },
}
