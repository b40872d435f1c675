/**
 * @file Decides what a suite file is in this test run: a training, assertions on a recorded run, or a note that there is none.
 */
import { resolve } from 'node:path'
import { displayPath } from '../../base/display-path.ts'
import { checkRun, type RunCheck } from '../../ledger/check-run.ts'
import { openRun } from '../../ledger/run.ts'
import type { SuiteDefinition } from '../../suite/suite.ts'
import { findRecordedRun } from './find-recorded-run.ts'
import { plannedRounds } from './planned-rounds.ts'
import type { PlannedRound } from './planned-rounds.ts'
import { recordedResult, recordedRoundEnd, recordedRounds } from './recorded-suite.ts'
import { registerFailure, registerSuite, registerWithoutRun } from './register-suite.ts'
import { lazySuiteRun, toSuiteResult } from './suite-run.ts'
import type { SuiteRun } from './suite-run.ts'
import type { SuiteSettings } from '../suites-project.ts'

/** Registers the tests of a suite file. */
export function registerSuiteFile(definition: SuiteDefinition, suiteFile: string, settings: SuiteSettings): void {
  const { options } = definition
  try {
    if (settings.tune) {
      registerSuite({ options, rounds: roundsOf(definition, settings), run: newRun(definition, suiteFile, settings), recorded: false })
      return
    }
    const root = resolve(settings.run.directory ?? 'reports')
    const directory = findRecordedRun({ suite: options.name, budget: settings.run.budget ?? null, root, named: settings.namedRun })
    if (directory === null) return registerWithoutRun(options.name, howToRun(suiteFile, settings))
    const run = openRun(directory)
    registerSuite({
      options,
      rounds: recordedRounds(run),
      run: recordedRun(definition, { suiteFile, directory, settings }),
      recorded: true,
    })
  } catch (error) {
    registerFailure(options.name, error)
  }
}

function newRun(definition: SuiteDefinition, suiteFile: string, settings: SuiteSettings): SuiteRun {
  return lazySuiteRun(async (onEvent) => {
    // Loaded only now: in a plain run, where nothing is tuned, no engine is loaded either.
    const { runSuite } = await import('../../round/run-suite.ts')
    const { renderReport } = await import('../../report/render-report.ts')
    const result = await runSuite({ suite: definition, suiteFile, ...settings.run, onEvent })
    await renderReport(result.directory)
    return toSuiteResult(result)
  })
}

function recordedRun(
  definition: SuiteDefinition,
  known: { readonly suiteFile: string; readonly directory: string; readonly settings: SuiteSettings },
): SuiteRun {
  const { suiteFile, directory, settings } = known
  const run = openRun(directory)
  const command = `${runCommand(suiteFile, settings)}, or ${tuneCommand(settings)}`
  let checking: Promise<RunCheck> | null = null
  const check = (): Promise<RunCheck> => (checking ??= checkRun(directory))
  return {
    round: async (round, arm) => {
      await check()
      return recordedRoundEnd(run, round, arm)
    },
    result: async () => {
      await check()
      return recordedResult({ directory, definition, suiteFile, command })
    },
  }
}

/** A suite with mistakes in it has no rounds here; its own test says what is wrong. */
function roundsOf(definition: SuiteDefinition, settings: SuiteSettings): readonly PlannedRound[] {
  try {
    return plannedRounds(definition.options, settings.run)
  } catch {
    return []
  }
}

function howToRun(suiteFile: string, settings: SuiteSettings): string {
  return `make one: ${runCommand(suiteFile, settings)}, or ${tuneCommand(settings)}`
}

function runCommand(suiteFile: string, { run }: SuiteSettings): string {
  const budget = run.budget === undefined ? '' : ` --budget ${run.budget}`
  const reports = run.directory === undefined ? '' : ` --reports ${displayPath(resolve(run.directory))}`
  return `npx holdfast run ${displayPath(suiteFile)}${budget}${reports}`
}

function tuneCommand({ project }: SuiteSettings): string {
  return `npx vitest run --project ${project}`
}
