/** @file Skill: choose the label of a thing from labels named in the question, in any order. */
import type { Skill } from '../skill.ts'
import { ANIMALS, CLOTHES, FOODS, TOOLS } from '../words.ts'

const KINDS: readonly (readonly [string, readonly string[]])[] = [
  ['animal', ANIMALS],
  ['food', FOODS],
  ['tool', TOOLS],
  ['clothing', CLOTHES],
]

export const kind: Skill = {
  name: 'kind',
  form: 'text',
  draw(random) {
    const [label, things] = random.pick(KINDS)
    const thing = random.pick(things)
    const labels = random.shuffle(KINDS.map(([name]) => name))
    return { prompt: `What is a ${thing}: ${labels.join(', ')}?`, answer: label, cluster: thing }
  },
}
