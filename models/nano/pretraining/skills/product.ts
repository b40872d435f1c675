/** @file Skill: a word problem with three factors. */
import type { Skill } from '../skill.ts'
import { between, fill } from '../skill.ts'
import { CONTAINERS, GOODS, STRENGTHS_MG } from '../words.ts'

const FORMS = [
  '{a} {outer} with {f} sacks of {b} {goods}. How many {goods}?',
  'Each of {a} {outer} holds {f} sacks, each sack {b} {goods}. Total {goods}?',
  '{b} {goods} in a sack, {f} sacks in one of {a} {outer}. All {goods}?',
]

export const product: Skill = {
  name: 'product',
  form: 'text',
  draw(random) {
    const [a, f] = [between(random, 1, 4), between(random, 1, 4)]
    const b = random.next() < 0.2 ? between(random, 2, 20) : random.pick(STRENGTHS_MG)
    const [one, many] = random.pick(CONTAINERS)
    const goods = random.pick(GOODS)
    const form = random.integer(FORMS.length)
    const prompt = fill(FORMS[form] as string, { a, b, f, outer: a === 1 ? one : many, goods })
    return { prompt, answer: String(a * b * f), cluster: `form ${form}, ${goods}` }
  },
}
