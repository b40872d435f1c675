/** @file Skill: know opposites, alone or for two words at once. */
import type { Skill } from '../skill.ts'
import { pickSome } from '../skill.ts'
import { OPPOSITES } from '../words.ts'

const BOTH_WAYS: readonly (readonly [string, string])[] = [...OPPOSITES, ...OPPOSITES.map(([a, b]) => [b, a] as const)].filter(
  ([word], i, all) => all.findIndex(([other]) => other === word) === i,
)

export const opposite: Skill = {
  name: 'opposite',
  form: 'text',
  draw(random) {
    const pairs = pickSome(random, BOTH_WAYS, 2)
    const asked = pairs.map(([word]) => word).join(' and ')
    return {
      prompt: `Opposite of ${asked}?`,
      answer: pairs.map(([, other]) => other).join(' and '),
      cluster: asked.split(' ')[0] as string,
    }
  },
}
