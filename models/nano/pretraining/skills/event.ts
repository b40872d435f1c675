/** @file Skill: an event some days ahead, as JSON with date and time. */
import { dayWords, drawClockTime, drawDayOffset } from '../calendar.ts'
import type { Skill } from '../skill.ts'
import { between, fill, jsonLine } from '../skill.ts'
import { EVENTS, LAST_NAMES } from '../words.ts'

const FORMS = [
  'The {event} with {host} is {when} at {time}.',
  '{host} has a {event} {when}, {time}.',
  '{event} at {time} {when}, host {host}.',
]

export const event: Skill = {
  name: 'event',
  form: 'json',
  draw(random) {
    const days = between(random, 0, 9)
    const { today, date } = drawDayOffset(random, days)
    const time = drawClockTime(random)
    const [event, host] = [random.pick(EVENTS), random.pick(LAST_NAMES)]
    const form = random.integer(FORMS.length)
    const prompt = `Event to JSON. Today is ${today}. ${fill(FORMS[form] as string, { event, host, when: dayWords(days), time: time.spoken })}`
    return { prompt, answer: jsonLine({ host, date, time: time.iso }), cluster: `form ${form}, ${event} ${days}` }
  },
}
