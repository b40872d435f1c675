/** @file Skill: a parcel with its receiver and weight, as JSON. */
import type { Skill } from '../skill.ts'
import { between, fill, jsonLine } from '../skill.ts'
import { FIRST_NAMES, LAST_NAMES, NOUNS } from '../words.ts'

const FORMS = ['{item}, {g} g, goes to {to}.', 'For {to}: {item} of {g} g.', '{to} gets a {item}, {g} g.']

export const parcel: Skill = {
  name: 'parcel',
  form: 'json',
  draw(random) {
    const values = { to: `${random.pick(FIRST_NAMES)} ${random.pick(LAST_NAMES)}`, item: random.pick(NOUNS), g: between(random, 1, 99) * 5 }
    const form = random.integer(FORMS.length)
    const answer = jsonLine({ to: values.to, item: values.item, grams: values.g })
    return { prompt: `Parcel to JSON: ${fill(FORMS[form] as string, values)}`, answer, cluster: `form ${form}, ${values.item}` }
  },
}
