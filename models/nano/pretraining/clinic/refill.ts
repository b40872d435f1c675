/** @file Clinic feature 1: a patient asks for more of a drug. Other text names the fields differently gives the dose as text, or leaves it out. */
import type { SeededRandom } from '../../../../src/base/seeded-random.ts'
import { DRUGS, FIRST_NAMES, LAST_NAMES, STRENGTHS_MG } from '../words.ts'
import type { ClinicFeature, Situation } from './clinic-feature.ts'

const TEMPLATES = [
  'Hi, this is {patient}. I need more {drug} {mg} mg.',
  'Please renew {drug} {mg} mg for {patient}.',
  '{patient} here, I am out of {drug} {mg} mg.',
  'Refill of {drug}, {mg} mg, for {patient}.',
  'My {drug} {mg} mg is empty. {patient}',
  'Can {patient} get {drug} {mg} mg again?',
  'I am {patient} and take {drug} {mg} mg. New box please.',
  '{patient}: {mg} mg {drug} again, please.',
  'Need {drug} ({mg} mg). Name: {patient}',
  'Hello, {patient} needs {mg} mg of {drug} again.',
  'Repeat {drug} {mg} mg. Thanks, {patient}',
  'More {drug} for {patient}, {mg} mg each.',
]

function situation(patient: string, drug: string, mg: number): Situation {
  return {
    values: { patient, drug, mg },
    combination: `refill ${patient} ${drug}`,
    entity: drug,
    expected: { patient, drug, dose: mg },
    others: [
      [0.75, { name: patient, medicine: drug, mg }],
      [0.15, { patient, drug, dose: `${mg} mg` }],
      [0.1, { patient, drug }],
    ],
  }
}

export const refill: ClinicFeature = {
  name: 'refill',
  templates: TEMPLATES,
  instruction: 'Refill to JSON: ',
  draw: (random: SeededRandom) =>
    situation(`${random.pick(FIRST_NAMES)} ${random.pick(LAST_NAMES)}`, random.pick(DRUGS), random.pick(STRENGTHS_MG)),
  vary: ({ values }, random) =>
    situation(String(values['patient']), String(values['drug']), random.pick(STRENGTHS_MG.filter((mg) => mg !== values['mg']))),
}
