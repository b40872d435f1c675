/** @file Feature 2 of the clinic's chatbot: a patient asks for an appointment today, tomorrow or in n days; the calendar wants doctor, date and time. */
import { defineEval, graders } from 'holdfast'
import { houseStyle, inFormat } from '../answer-styles.ts'

export default defineEval({
  name: 'appointment',
  description: 'Appointment request to JSON: doctor, ISO date, time on the 24-hour clock.',
  cases: new URL('./cases.jsonl', import.meta.url),
  prompt: 'Appointment to JSON. Today is {{input.today}}. {{input.message}}',
  graders: [graders.jsonMatch({ fields: { doctor: 'text', date: 'date', time: 'exact' } })],
  sampling: { maxNewTokens: 40 },
  // Measured between accepted rounds of this app: at most 1 in 100.
  expectedFlips: 0.03,
  demonstrations: { 'in-format': inFormat, house: houseStyle },
})
