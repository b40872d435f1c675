/** @file Skill: turn a quantity into a smaller unit. */
import type { Skill } from '../skill.ts'
import { between } from '../skill.ts'

const UNITS: readonly (readonly [string, string, number])[] = [
  ['m', 'cm', 100],
  ['kg', 'g', 1000],
  ['h', 'min', 60],
  ['min', 's', 60],
  ['weeks', 'days', 7],
  ['cm', 'mm', 10],
  ['days', 'h', 24],
]

export const unit: Skill = {
  name: 'unit',
  form: 'text',
  draw(random) {
    const [from, to, factor] = random.pick(UNITS)
    const n = between(random, 2, 40)
    const form = random.integer(2)
    return {
      prompt: form === 0 ? `${n} ${from} in ${to}` : `How many ${to} are ${n} ${from}?`,
      answer: String(n * factor),
      cluster: `form ${form}, ${from} ${Math.floor(n / 8)}`,
    }
  },
}
