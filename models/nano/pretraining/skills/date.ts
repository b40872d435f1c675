/** @file Skill: add days to a date, inside its month. */
import { dayWords, drawDayOffset } from '../calendar.ts'
import type { Skill } from '../skill.ts'
import { between } from '../skill.ts'

export const date: Skill = {
  name: 'date',
  form: 'text',
  draw(random) {
    const days = between(random, 0, 9)
    const { today, date: later } = drawDayOffset(random, days)
    const form = random.integer(2)
    return {
      prompt: form === 0 ? `${today} plus ${days} days` : `Today is ${today}. Which date is ${dayWords(days)}?`,
      answer: later,
      cluster: `form ${form}, ${days}`,
    }
  },
}
