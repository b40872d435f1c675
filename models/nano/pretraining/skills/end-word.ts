/** @file Skill: name the first or the last word of a list. */
import type { Skill } from '../skill.ts'
import { between, pickSome } from '../skill.ts'
import { NOUNS } from '../words.ts'

export const endWord: Skill = {
  name: 'end-word',
  form: 'text',
  draw(random) {
    const words = pickSome(random, NOUNS, between(random, 3, 5))
    const end = random.pick(['First', 'Last'])
    return {
      prompt: `${end} word of: ${words.join(' ')}`,
      answer: words.at(end === 'First' ? 0 : -1) as string,
      cluster: `${end} ${words.length} ${words[0]}`,
    }
  },
}
