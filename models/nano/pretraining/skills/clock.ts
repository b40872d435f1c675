/** @file Skill: write a spoken time on the 24-hour clock, and compare it with a shift of hours. */
import { drawClockTime } from '../calendar.ts'
import type { Skill } from '../skill.ts'
import { between } from '../skill.ts'

export const clock: Skill = {
  name: 'clock',
  form: 'text',
  draw(random) {
    const hours = between(random, 0, 3)
    const time = drawClockTime(random)
    const later = `${String(Number(time.iso.slice(0, 2)) + hours).padStart(2, '0')}${time.iso.slice(2)}`
    const prompt = hours === 0 ? `${time.spoken} on the 24 h clock` : `${hours} h after ${time.spoken} on the 24 h clock`
    return { prompt, answer: later, cluster: `${hours} ${time.iso.slice(0, 2)}` }
  },
}
