/** @file Clinic feature 3: how much of a drug a patient takes in a day. Other text gives the amount of one intake, or the strength of one pill. */
import type { SeededRandom } from '../../../../src/base/seeded-random.ts'
import { between } from '../skill.ts'
import { DRUGS, STRENGTHS_MG } from '../words.ts'
import type { ClinicFeature, Situation } from './clinic-feature.ts'

const TEMPLATES = [
  'I take {a} pills of {drug} {mg} mg, {f} times a day.',
  '{f} times a day {a} x {drug} {mg} mg. How much is that?',
  'My {drug} has {mg} mg. I take {a} of them {f} times daily.',
  '{drug} {mg} mg: {a} pills, {f} times every day.',
  'How much {drug} is {a} pills of {mg} mg {f} times a day?',
  'Each day {f} times {a} pills, {drug} {mg} mg.',
  'The box says {drug} {mg} mg, {a} pills {f} times daily.',
  'Is {a} x {mg} mg {drug}, {f} times a day, too much?',
  'With {drug} ({mg} mg) I need {a} pills {f} times per day.',
  '{a} pills {drug}, {mg} mg each, {f} times a day.',
  'Doctor said {f} times {a} pills of {drug} {mg} mg.',
  'I use {mg} mg {drug}, {a} at once, {f} times daily.',
]

interface Intake {
  readonly drug: string
  readonly mg: number
  readonly pills: number
  readonly timesADay: number
}

function situation({ drug, mg, pills, timesADay }: Intake): Situation {
  const total = pills * mg * timesADay
  return {
    values: { drug, mg, a: pills, f: timesADay },
    combination: `daily dose ${drug} ${pills} ${mg} ${timesADay}`,
    entity: drug,
    expected: { drug, total },
    others: [
      [0.65, { drug, dose: mg }],
      [0.25, { drug, total: pills * mg }],
      [0.1, { drug, mg: total }],
    ],
  }
}

const draw = (random: SeededRandom): Situation =>
  situation({ drug: random.pick(DRUGS), mg: random.pick(STRENGTHS_MG), pills: between(random, 2, 4), timesADay: between(random, 2, 4) })

export const dailyDose: ClinicFeature = {
  name: 'daily-dose',
  templates: TEMPLATES,
  instruction: 'Daily dose to JSON: ',
  draw,
  vary: ({ values }, random) =>
    situation({
      drug: String(values['drug']),
      mg: random.pick(STRENGTHS_MG.filter((mg) => mg !== values['mg'])),
      pills: Number(values['a']),
      timesADay: Number(values['f']),
    }),
}
