/**
 * @file Which arms run when none is named.
 */
import type { ArmOptions } from './suite.ts'
import type { TrainerOptions } from './trainer-options.ts'

/** All that are not optional; controls cost device hours on trl and must be asked for there. */
export function runsByDefault(arm: ArmOptions, trainer: TrainerOptions | undefined): boolean {
  if (arm.optional === true) return false
  return arm.role !== 'control' || trainer === undefined || trainer.name === 'embedded' || trainer.controls === true
}
