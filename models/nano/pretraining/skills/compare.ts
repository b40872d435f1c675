/** @file Skill: tell the larger or the smaller of two numbers. */
import type { Skill } from '../skill.ts'
import { between } from '../skill.ts'

export const compare: Skill = {
  name: 'compare',
  form: 'text',
  draw(random) {
    const a = between(random, 1, 999)
    const b = random.next() < 0.5 ? between(random, 1, 999) : Math.max(1, a + random.pick([-9, -3, -1, 1, 3, 9, 90]))
    const larger = random.next() < 0.5
    const answer = larger ? Math.max(a, b) : Math.min(a, b)
    return {
      prompt: `Which is ${larger ? 'larger' : 'smaller'}: ${a} or ${b}?`,
      answer: String(answer),
      cluster: `${larger ? 'larger' : 'smaller'} ${Math.floor(a / 50)}`,
    }
  },
}
