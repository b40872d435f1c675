/** @file Skill: subtract a number below 100 from a larger one. */
import type { Skill } from '../skill.ts'
import { between } from '../skill.ts'

const FORMS: readonly ((a: number, b: number) => string)[] = [
  (a, b) => `${a} - ${b}`,
  (a, b) => `Take ${b} from ${a}`,
  (a, b) => `What is ${a} minus ${b}?`,
]

export const subtract: Skill = {
  name: 'subtract',
  form: 'text',
  draw(random) {
    const a = between(random, 2, 99)
    const b = between(random, 1, a)
    const form = random.integer(FORMS.length)
    return { prompt: (FORMS[form] as (typeof FORMS)[number])(a, b), answer: String(a - b), cluster: `form ${form}, ${Math.floor(a / 10)}x` }
  },
}
