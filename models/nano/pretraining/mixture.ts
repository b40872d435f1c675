/**
 * @file The mixture of the corpus: every skill with its sampling weight, the one table to edit. Weights are relative shares of examples.
 */
import { appointment } from './clinic/appointment.ts'
import { clinicSkill } from './clinic/clinic-skill.ts'
import { dailyDose } from './clinic/daily-dose.ts'
import { refill } from './clinic/refill.ts'
import type { Skill } from './skill.ts'
import { add } from './skills/add.ts'
import { amount } from './skills/amount.ts'
import { clock } from './skills/clock.ts'
import { compare } from './skills/compare.ts'
import { contains } from './skills/contains.ts'
import { copy } from './skills/copy.ts'
import { count } from './skills/count.ts'
import { date } from './skills/date.ts'
import { endWord } from './skills/end-word.ts'
import { event } from './skills/event.ts'
import { kind } from './skills/kind.ts'
import { lookup } from './skills/lookup.ts'
import { mood } from './skills/mood.ts'
import { multiply } from './skills/multiply.ts'
import { opposite } from './skills/opposite.ts'
import { order } from './skills/order.ts'
import { pairs } from './skills/pairs.ts'
import { parcel } from './skills/parcel.ts'
import { person } from './skills/person.ts'
import { product } from './skills/product.ts'
import { reverse } from './skills/reverse.ts'
import { subtract } from './skills/subtract.ts'
import { trip } from './skills/trip.ts'
import { unit } from './skills/unit.ts'

/** General skills: the retention evals are drawn from these. */
export const GENERAL_MIXTURE: readonly (readonly [Skill, number])[] = [
  [copy, 1.2],
  [reverse, 0.8],
  [endWord, 0.6],
  [count, 0.4],
  [contains, 1],
  [lookup, 1],
  [add, 2.6],
  [subtract, 2.4],
  [compare, 1.2],
  [multiply, 1.6],
  [product, 1.8],
  [unit, 0.6],
  [opposite, 0.4],
  [kind, 0.6],
  [mood, 0.3],
  [clock, 0.6],
  [date, 1.6],
  [order, 1.2],
  [trip, 0.8],
  [person, 1.2],
  [event, 2],
  [amount, 1.4],
  [parcel, 1.2],
  [pairs, 0.8],
]

/** Text near the clinic's features; its share is stated in the model card. */
export const CLINIC_MIXTURE: readonly (readonly [Skill, number])[] = [
  [clinicSkill(refill), 0.7],
  [clinicSkill(appointment), 0.9],
  [clinicSkill(dailyDose), 1],
]
