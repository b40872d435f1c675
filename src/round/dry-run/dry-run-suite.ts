/**
 * @file The dry run of a suite on the device that a run would use, or on a card that is only named, so that a run can be planned for a machine that is not
 * at hand.
 */
import { resolve } from 'node:path'
import { openEstimateBase } from '../../estimate/estimate-base.ts'
import { checkSuite, type SuiteOverrides } from '../../suite/check-suite.ts'
import type { SuiteDefinition } from '../../suite/suite.ts'
import { driverOf } from '../../trainer/drivers.ts'
import { refuseLongExamples } from '../refuse-long-examples.ts'
import { dryRun, type DryRun } from './dry-run.ts'

/** A suite and what the command line changes of it. */
export interface DryRunSuiteOptions extends SuiteOverrides {
  readonly suite: SuiteDefinition
  /** Path of the suite's file. */
  readonly suiteFile: string
}

/** @throws CardUnknownError, the errors of checking suites and finding models, and without a card those of the trainer's machine */
export async function dryRunSuite(options: DryRunSuiteOptions, card: string | null): Promise<DryRun> {
  const suite = await checkSuite(options.suite, resolve(options.suiteFile), options)
  const base = await openEstimateBase(suite.base, { thinking: suite.thinking })
  refuseLongExamples(suite, base)
  return dryRun(suite, { definition: options.suite, base, estimate: await driverOf(suite.trainer).estimate(suite.trainer, card) })
}
