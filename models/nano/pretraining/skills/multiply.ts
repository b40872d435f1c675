/** @file Skill: multiply a number below 10 with a round or small one. */
import type { Skill } from '../skill.ts'
import { between } from '../skill.ts'
import { STRENGTHS_MG } from '../words.ts'

const FORMS: readonly ((a: number, b: number) => string)[] = [
  (a, b) => `${a} x ${b}`,
  (a, b) => `${a} times ${b}`,
  (a, b) => `Multiply ${b} by ${a}`,
]

export const multiply: Skill = {
  name: 'multiply',
  form: 'text',
  draw(random) {
    const a = between(random, 2, 9)
    const b = random.next() < 0.5 ? between(random, 2, 25) : random.pick(STRENGTHS_MG)
    const form = random.integer(FORMS.length)
    return { prompt: (FORMS[form] as (typeof FORMS)[number])(a, b), answer: String(a * b), cluster: `form ${form}, ${a}` }
  },
}
