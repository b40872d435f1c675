/**
 * @file The trainers that there are: a line each. Nothing else in src/ lists or names them.
 */
import { InternalError } from '../base/errors.ts'
import type { TrainerChoice, TrainerDriver } from './driver.ts'
import { embeddedDriver } from './embedded/driver.ts'
import { trlDriver } from './trl/driver.ts'

/** The first one runs where a suite names none. */
const LIST = [embeddedDriver, trlDriver] as const

export const DRIVERS: readonly [TrainerDriver, ...TrainerDriver[]] = LIST

export type TrainerName = (typeof LIST)[number]['name']

type ChoiceOf<Driver> = Driver extends TrainerDriver<infer Name, infer Options> ? TrainerChoice<Name, Options> : never

/** A suite's trainer. */
export type TrainerOptions = ChoiceOf<(typeof LIST)[number]>

export const TRAINER_NAMES: readonly TrainerName[] = LIST.map(({ name }) => name)

/** The trainer of a suite, or of a run that is recorded; the first one where none is named. @throws InternalError for a name that was not checked */
export function driverOf(named: { readonly name: string } | null | undefined): TrainerDriver {
  const driver = named == null ? DRIVERS[0] : DRIVERS.find(({ name }) => name === named.name)
  if (driver === undefined) throw new InternalError(`There is no trainer ${JSON.stringify(named?.name)}`, 'driverOf')
  return driver
}
