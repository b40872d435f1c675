/** @file Skill: a journey, as JSON. */
import { drawDayOffset } from '../calendar.ts'
import type { Skill } from '../skill.ts'
import { fill, jsonLine, pickSome } from '../skill.ts'
import { CITIES } from '../words.ts'

const FORMS = ['From {from} to {to} on {date}.', 'On {date} I go to {to} from {from}.', 'Ticket {from} - {to}, {date}.']

export const trip: Skill = {
  name: 'trip',
  form: 'json',
  draw(random) {
    const [from, to] = pickSome(random, CITIES, 2) as [string, string]
    const { date } = drawDayOffset(random, 0)
    const form = random.integer(FORMS.length)
    return {
      prompt: `Trip to JSON: ${fill(FORMS[form] as string, { from, to, date })}`,
      answer: jsonLine({ from, to, date }),
      cluster: `form ${form}, ${from}`,
    }
  },
}
