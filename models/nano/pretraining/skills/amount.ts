/** @file Skill: a word problem with three factors, as JSON. */
import type { Skill } from '../skill.ts'
import { between, fill, jsonLine } from '../skill.ts'
import { CONTAINERS, GOODS, STRENGTHS_MG } from '../words.ts'

const FORMS = [
  '{a} {outer} with {f} sacks of {b} {goods}.',
  '{f} sacks in each of {a} {outer}, {b} {goods} in a sack.',
  '{b} {goods} a sack, {f} sacks, {a} {outer}.',
]

export const amount: Skill = {
  name: 'amount',
  form: 'json',
  draw(random) {
    const [a, f] = [between(random, 1, 4), between(random, 1, 4)]
    const b = random.pick(STRENGTHS_MG)
    const [one, many] = random.pick(CONTAINERS)
    const goods = random.pick(GOODS)
    const form = random.integer(FORMS.length)
    const prompt = `Amount to JSON: ${fill(FORMS[form] as string, { a, b, f, outer: a === 1 ? one : many, goods })}`
    return { prompt, answer: jsonLine({ goods, total: a * b * f }), cluster: `form ${form}, ${goods}` }
  },
}
