/** @file Skill: keys and values in words, as JSON with the same keys. */
import type { Skill } from '../skill.ts'
import { between, jsonLine, pickSome } from '../skill.ts'
import { CITIES, COLORS, DRUGS, NOUNS } from '../words.ts'

const VALUES: readonly string[] = [...COLORS, ...CITIES, ...DRUGS]

export const pairs: Skill = {
  name: 'pairs',
  form: 'json',
  draw(random) {
    const keys = pickSome(random, NOUNS, between(random, 1, 3))
    const pairs = keys.map((key) => [key, random.next() < 0.3 ? between(random, 1, 500) : random.pick(VALUES)] as const)
    const prompt = `As JSON: ${pairs.map(([key, value]) => `${key} is ${value}`).join(', ')}`
    return { prompt, answer: jsonLine(Object.fromEntries(pairs)), cluster: `${keys.length} ${keys[0]}` }
  },
}
