/**
 * @file The trainer of a suite: what a suite file may write as `trainer`, what the command line changes of it, and which arms run on it unasked.
 */
import { z } from 'zod'
import type { TrainerDriver, TrainerFlag } from '../trainer/driver.ts'
import { DRIVERS, driverOf, TRAINER_NAMES, type TrainerOptions } from '../trainer/drivers.ts'
import { SuiteInvalidError, TrainerFlagError } from './errors.ts'
import type { ArmOptions } from './suite.ts'

/** What the command line says of the trainer: another one than the suite's, and options of it. */
export interface TrainerOverrides {
  /** Its options are the suite's where that has the same one. */
  readonly trainer?: string | undefined
  readonly host?: string | undefined
  readonly python?: string | undefined
  readonly device?: string | undefined
  readonly threads?: number | undefined
}

const FLAGS = ['host', 'python', 'device', 'threads'] as const satisfies readonly TrainerFlag[]

/** The shape of `trainer` in a suite file. */
export const trainerSchema = z.discriminatedUnion(
  'name',
  DRIVERS.map(choiceSchema) as [ReturnType<typeof choiceSchema>, ...ReturnType<typeof choiceSchema>[]],
  `is none of the trainers that there are: ${TRAINER_NAMES.join(', ')}`,
)

function choiceSchema({ name, options }: TrainerDriver) {
  const known = Object.keys(options)
  return z.strictObject(
    { kind: z.literal('holdfast.trainer').optional(), name: z.literal(name), ...(options as Readonly<Record<string, z.ZodType>>) },
    {
      error: (issue) =>
        issue.code === 'unrecognized_keys'
          ? `the ${name} trainer has no option ${issue.keys.map((key) => JSON.stringify(key)).join(', ')}, only ${known.join(', ')}`
          : undefined,
    },
  )
}

/** The suite's trainer as the command line wants it. @throws SuiteInvalidError, TrainerFlagError */
export function pickTrainer(declared: TrainerOptions | undefined, overrides: TrainerOverrides, file: string): TrainerOptions {
  const { trainer: name = driverOf(declared).name } = overrides
  if (!isTrainer(name))
    throw new SuiteInvalidError({ file, problems: [`there is no trainer ${JSON.stringify(name)}, only ${TRAINER_NAMES.join(', ')}`] })
  const chosen = declared?.name === name ? declared : ({ kind: 'holdfast.trainer', name } as TrainerOptions)
  const given = FLAGS.filter((flag) => overrides[flag] !== undefined)
  refuseFlags(driverOf(chosen), given)
  return { ...chosen, ...Object.fromEntries(given.map((flag) => [flag, overrides[flag]])) }
}

function refuseFlags({ name, flags, options }: TrainerDriver, given: readonly TrainerFlag[]): void {
  const strange = given.filter((flag) => !flags.includes(flag))
  if (strange.length === 0) return
  const others = DRIVERS.filter((driver) => strange.every((flag) => driver.flags.includes(flag))).map((driver) => driver.name)
  throw new TrainerFlagError({ trainer: name, flags: strange, options: strange.filter((flag) => Object.hasOwn(options, flag)), others })
}

/** Whether there is a trainer of a name: what recorded runs name may be gone. */
export function isTrainer(name: string): boolean {
  return (TRAINER_NAMES as readonly string[]).includes(name)
}

/** The trainer that a recorded run had, where it is still there. Runs of the first trainer say nothing of it. */
export function recordedTrainer(record: { readonly name: string } | undefined): string {
  return driverOf(record).name
}

/** Whether an arm runs when none is named: all that are not optional, controls as their trainer has it. */
export function runsByDefault(arm: ArmOptions, trainer: TrainerOptions | undefined): boolean {
  if (arm.optional === true) return false
  return arm.role !== 'control' || driverOf(trainer).runsControls(trainer ?? {})
}
