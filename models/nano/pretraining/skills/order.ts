/** @file Skill: an order in a shop, as JSON. */
import type { Skill } from '../skill.ts'
import { between, fill, jsonLine } from '../skill.ts'
import { COLORS, FIRST_NAMES, NOUNS } from '../words.ts'

const FORMS = [
  '{name} buys {n} x {color} {item}.',
  'Order from {name}: {item}, {color}, {n} pieces.',
  'Send {n} {color} {item} to {name}, please.',
]

export const order: Skill = {
  name: 'order',
  form: 'json',
  draw(random) {
    const values = { name: random.pick(FIRST_NAMES), n: between(random, 2, 60), color: random.pick(COLORS), item: random.pick(NOUNS) }
    const form = random.integer(FORMS.length)
    const answer = jsonLine({ item: values.item, color: values.color, count: values.n })
    return { prompt: `Order to JSON: ${fill(FORMS[form] as string, values)}`, answer, cluster: `form ${form}, ${values.item}` }
  },
}
