/**
 * @file A finished run of a suite as tests look at it: the same rounds and verdicts as if it were running now, read from its directory.
 */
import { join } from 'node:path'
import { quoteUntrusted } from '../../base/untrusted-text.ts'
import { armDirectory, VERDICT_FILE } from '../../ledger/run-layout.ts'
import { readWholeRecord } from '../../ledger/read-records.ts'
import type { Plan } from '../../ledger/run-records.ts'
import { openRun } from '../../ledger/run.ts'
import { verdictRecordSchema } from '../../ledger/verdict-record.ts'
import type { RunReader } from '../../ledger/run.ts'
import { checkSuite } from '../../suite/check-suite.ts'
import { isTrainer, recordedTrainer } from '../../suite/pick-trainer.ts'
import type { SuiteDefinition } from '../../suite/suite.ts'
import { SuiteRunOutdatedError } from '../errors.ts'
import type { PlannedRound } from './planned-rounds.ts'
import { changesSince } from './run-changes.ts'
import type { RoundEnd, SuiteResult } from './suite-run.ts'

/** The rounds that a recorded run has, from its own plan. */
export function recordedRounds({ plan }: RunReader): readonly PlannedRound[] {
  const evals = plan.evals.map(({ name }) => name)
  return plan.rounds.map(({ name, feature }) => ({ round: name, feature: feature ?? '', arms: plan.arms, evals }))
}

/** The end of one round of one arm. @throws LedgerCorruptError */
export function recordedRoundEnd({ directory }: RunReader, round: string, arm: string): RoundEnd {
  const verdict = readWholeRecord(join(directory, armDirectory(round, arm), VERDICT_FILE), verdictRecordSchema)
  return { verdict, lost: 'no verdict was reached on this round' }
}

/** What is needed to compare a run with its suite. */
export interface RecordedSuite {
  readonly directory: string
  readonly definition: SuiteDefinition
  /** Path of the suite's file. */
  readonly suiteFile: string
  /** The command that makes a new run. */
  readonly command: string
}

/**
 * The end of a recorded run, once it is known to fit the suite as it is now.
 * @throws SuiteRunOutdatedError, and the errors of loading suites
 */
export async function recordedResult({ directory, definition, suiteFile, command }: RecordedSuite): Promise<SuiteResult> {
  const run = openRun(directory)
  const changes = await changesOf(definition, run, suiteFile)
  if (changes.length > 0) throw new SuiteRunOutdatedError({ suite: definition.options.name, directory, changes, command })
  // The directory was chosen because the run had come to its end.
  return { directory, exitCode: run.header?.exitCode ?? 3, run: run.plan.run, summary: run.header?.summary ?? '' }
}

/** Checks the suite as the run was planned and says what differs. */
async function changesOf(definition: SuiteDefinition, run: RunReader, suiteFile: string): Promise<readonly string[]> {
  const { plan } = run
  const gone = goneFrom(definition, plan)
  if (gone.length > 0) return gone
  const suite = await checkSuite(definition, suiteFile, {
    arms: plan.arms.map(({ name }) => name),
    budget: plan.suite.budget ?? undefined,
    seed: plan.seed,
    trainer: recordedTrainer(plan.trainer),
  })
  return changesSince(run, suite)
}

/** What the run names and the suite no longer has: it could not even be checked as the run was planned. */
function goneFrom({ options }: SuiteDefinition, plan: Plan): readonly string[] {
  const arms = plan.arms.filter(({ name }) => !options.arms.some((arm) => arm.name === name)).map(({ name }) => `arm "${name}" is gone`)
  const { budget } = plan.suite
  const hasBudget = budget === null || options.budgets?.[budget] !== undefined
  const { trainer } = plan
  const isThere = trainer === undefined || isTrainer(trainer.name)
  return [
    ...arms,
    ...(hasBudget ? [] : [`budget "${budget}" is gone`]),
    ...(isThere ? [] : [`Holdfast has no trainer ${quoteUntrusted(trainer.name, 40)} any more`]),
  ]
}
