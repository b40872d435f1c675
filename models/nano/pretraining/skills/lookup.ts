/** @file Skill: find the value of a key in a list of pairs. */
import type { Skill } from '../skill.ts'
import { between, pickSome } from '../skill.ts'
import { CITIES, COLORS, DRUGS, NOUNS } from '../words.ts'

const VALUES: readonly string[] = [...COLORS, ...CITIES, ...DRUGS]

export const lookup: Skill = {
  name: 'lookup',
  form: 'text',
  draw(random) {
    const keys = pickSome(random, NOUNS, between(random, 2, 3))
    const values = pickSome(random, VALUES, keys.length)
    const asked = random.integer(keys.length)
    const pairs = keys.map((key, i) => `${key} ${values[i]}`).join(', ')
    return { prompt: `${pairs}. What is ${keys[asked]}?`, answer: values[asked] as string, cluster: `${keys.length} ${keys[asked]}` }
  },
}
