/** @file Skill: write a spoken time on the 24-hour clock, some hours later or as it is. */
import type { Skill } from '../skill.ts'
import { between } from '../skill.ts'

const twoDigits = (value: number): string => String(value).padStart(2, '0')

export const clock: Skill = {
  name: 'clock',
  form: 'text',
  draw(random) {
    const [hour, minute, shift] = [between(random, 1, 20), between(random, 0, 11) * 5, between(random, 0, 3)]
    const spokenHour = hour > 12 ? hour - 12 : hour
    const spoken = `${minute === 0 ? spokenHour : `${spokenHour}:${twoDigits(minute)}`} ${hour < 12 ? 'am' : 'pm'}`
    const prompt = shift === 0 ? `${spoken} on the 24 h clock` : `${shift} h after ${spoken} on the 24 h clock`
    return { prompt, answer: `${twoDigits(hour + shift)}:${twoDigits(minute)}`, cluster: `${shift} h, ${hour} h` }
  },
}
