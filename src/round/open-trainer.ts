/**
 * @file Opens the trainer that a suite names, once it is known that its trainings fit.
 */
import { openEstimateBase } from '../estimate/estimate-base.ts'
import { roundName } from '../ledger/run-layout.ts'
import type { MethodSpec } from '../method/method-spec.ts'
import type { Suite } from '../suite/checked-suite.ts'
import type { OpenTrainer, PlannedTraining, TrainerEstimate } from '../trainer/driver.ts'
import { driverOf } from '../trainer/drivers.ts'
import { dryRun } from './dry-run/dry-run.ts'

/** @throws the errors of finding and opening models and of the trainer's machine, MemoryTooSmallError */
export async function openTrainer(suite: Suite): Promise<OpenTrainer> {
  const { base, thinking, seed, lora, trainer } = suite
  const check = (estimate: TrainerEstimate): Promise<void> => refuseShortage(suite, estimate)
  return driverOf(trainer).open(trainer, { base, thinking, seed, lora, trainings: plannedTrainings(suite), check })
}

function plannedTrainings({ features, arms }: Suite): PlannedTraining[] {
  return features.flatMap(({ eval: { name } }, index) =>
    arms.map((arm) => ({ round: roundName(index + 1, name), arm: arm.name, method: arm.methods[name] as MethodSpec })),
  )
}

/** A training that would not fit is refused before anything starts. */
async function refuseShortage(suite: Suite, estimate: TrainerEstimate): Promise<void> {
  if (estimate.device.memoryBytes === null) return
  const base = await openEstimateBase(suite.base, { thinking: suite.thinking })
  const short = dryRun(suite, { definition: null, base, estimate }).parts.find((part) => part.shortage !== null)
  if (short?.shortage != null) throw short.shortage
}
