/** @file Skill: a person as JSON, with the keys that the question names, in its order. */
import type { Skill } from '../skill.ts'
import { between, jsonLine, pickSome } from '../skill.ts'
import { CITIES, FIRST_NAMES, LAST_NAMES } from '../words.ts'

export const person: Skill = {
  name: 'person',
  form: 'json',
  draw(random) {
    const person = {
      name: `${random.pick(FIRST_NAMES)} ${random.pick(LAST_NAMES)}`,
      age: between(random, 18, 90),
      city: random.pick(CITIES),
    }
    const keys = pickSome(random, ['name', 'age', 'city'] as const, between(random, 2, 3))
    const prompt = `Give ${keys.join(', ')} as JSON: ${person.name}, ${person.age}, lives in ${person.city}.`
    return {
      prompt,
      answer: jsonLine(Object.fromEntries(keys.map((key) => [key, person[key]]))),
      cluster: `${keys.join(' ')} ${person.city}`,
    }
  },
}
