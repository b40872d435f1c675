/** @file Clinic feature 2: a patient asks for an appointment today, tomorrow or in n days. Other text copies the words instead of working out the date. */
import type { SeededRandom } from '../../../../src/base/seeded-random.ts'
import type { ClockTime, DayOffset } from '../calendar.ts'
import { dayWords, drawClockTime, drawDayOffset } from '../calendar.ts'
import { between } from '../skill.ts'
import { LAST_NAMES } from '../words.ts'
import type { ClinicFeature, Situation } from './clinic-feature.ts'

const TEMPLATES = [
  'Can I see Dr. {doctor} {when} at {time}?',
  'Book {when}, {time}, with Dr. {doctor}.',
  'I want to come {when} at {time} to Dr. {doctor}.',
  'Dr. {doctor} {when} at {time}, please.',
  'Is Dr. {doctor} free {when}? Best at {time}.',
  'At {time} {when} I need Dr. {doctor}.',
  'Appointment with Dr. {doctor}: {when}, {time}.',
  'Could Dr. {doctor} see me {when} around {time}?',
  'Put me down for {when} at {time}, Dr. {doctor}.',
  '{time} {when} for Dr. {doctor} would be good.',
  'Let me see Dr. {doctor} at {time} {when}.',
  'I have time {when} at {time}. Dr. {doctor} please.',
]

function situation(doctor: string, offset: DayOffset, time: ClockTime): Situation {
  const when = dayWords(offset.days)
  return {
    values: { doctor, when, time: time.spoken, today: offset.today },
    combination: `appointment ${doctor} ${offset.today} ${time.iso}`,
    entity: `Dr. ${doctor}`,
    expected: { doctor, date: offset.date, time: time.iso },
    others: [
      [0.65, { doctor, day: when, time: time.spoken }],
      [0.25, { date: offset.date, time: time.iso }],
      [0.1, { doctor, date: offset.date, time: time.spoken }],
    ],
  }
}

export const appointment: ClinicFeature = {
  name: 'appointment',
  templates: TEMPLATES,
  instruction: 'Appointment to JSON. Today is {today}. ',
  draw: (random: SeededRandom) => situation(random.pick(LAST_NAMES), drawDayOffset(random, between(random, 0, 9)), drawClockTime(random)),
  vary: ({ values }, random) => situation(String(values['doctor']), drawDayOffset(random, between(random, 0, 9)), drawClockTime(random)),
}
