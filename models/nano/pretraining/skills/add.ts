/** @file Skill: add two numbers below 100. */
import type { Skill } from '../skill.ts'
import { between } from '../skill.ts'

const FORMS: readonly ((a: number, b: number) => string)[] = [
  (a, b) => `${a} + ${b}`,
  (a, b) => `Add ${a} and ${b}`,
  (a, b) => `What is ${a} plus ${b}?`,
]

export const add: Skill = {
  name: 'add',
  form: 'text',
  draw(random) {
    const [a, b] = [between(random, 1, 99), between(random, 1, 99)]
    const form = random.integer(FORMS.length)
    return { prompt: (FORMS[form] as (typeof FORMS)[number])(a, b), answer: String(a + b), cluster: `form ${form}, ${Math.floor(a / 10)}x` }
  },
}
