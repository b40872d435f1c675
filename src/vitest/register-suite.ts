/**
 * @file Turns a suite into vitest tests: one for each round, arm and eval, and the suite's own.
 * Only the suite's own test can fail: arms compete, and a run in which one arm loses and another ships is a good run.
 */
import { describe, it } from 'vitest'
import type { TestContext } from 'vitest'
import type { EvalVerdict } from '../gate/verdict.ts'
import type { SuiteDefinition } from '../suite/suite.ts'
import { SuiteNotAcceptedError } from './errors.ts'
import { plannedRounds } from './planned-rounds.ts'
import type { PlannedRound } from './planned-rounds.ts'
import type { SuiteRun } from './suite-run.ts'
import type { SuiteSettings } from './suites-project.ts'

/** Registers the tests of a suite. Without `settings.tune` there is one skipped test that says how to run them. */
export function registerSuite(definition: SuiteDefinition, settings: SuiteSettings, run: SuiteRun): void {
  const name = definition.options.name
  if (!settings.tune) {
    it.skip(`${name}: not tuned in a plain run; name its project ("vitest run --project suites") or set HOLDFAST_TUNE=1`)
    return
  }
  describe(name, { timeout: 0 }, () => {
    for (const round of roundsOf(definition, settings)) registerRound(round, run)
    it('a candidate arm accepts every feature', async (context) => {
      const result = await run.result()
      context.task.meta.holdfast = { run: result.header.run, directory: result.directory, exitCode: result.exitCode }
      await context.annotate(`${result.header.summary} Report: ${result.directory}`)
      if (result.exitCode !== 0) throw new SuiteNotAcceptedError(result)
    })
  })
}

/** A suite with mistakes in it has no rounds here; its own test says what is wrong. */
function roundsOf(definition: SuiteDefinition, settings: SuiteSettings): readonly PlannedRound[] {
  try {
    return plannedRounds(definition.options, settings.run)
  } catch {
    return []
  }
}

/** Titles say round and arm themselves: most reporters print a test without the groups around it. */
function registerRound(planned: PlannedRound, run: SuiteRun): void {
  for (const arm of planned.arms) {
    for (const evalName of planned.evals) {
      it(testTitle(planned, arm, evalName), async (context) => {
        const end = await run.round(planned.round, arm.name)
        if (end === null || end.verdict === null) return context.skip(end?.lost ?? 'the run ended without a verdict on this round')
        await showVerdict(
          context,
          end.verdict.evals.find((verdict) => verdict.name === evalName),
        )
      })
    }
  }
}

function testTitle(planned: PlannedRound, arm: PlannedRound['arms'][number], evalName: string): string {
  const control = arm.role === 'control' ? ' (control)' : ''
  const target = evalName === planned.feature ? ' (target)' : ''
  return `${planned.round} / ${arm.name}${control} / ${evalName}${target}`
}

/** Good verdicts pass, others are skipped with the reason as their note: shown, never failed. */
async function showVerdict(context: TestContext, verdict: EvalVerdict | undefined): Promise<void> {
  if (verdict === undefined) return context.skip('not graded in this round')
  const { before, after, difference, interval, lost, gained } = verdict
  context.task.meta.holdfast = { verdict: verdict.verdict, before, after, difference, interval, lost, gained }
  const text = `${percent(before)} to ${percent(after)}; ${verdict.reason}`
  const good = verdict.verdict === 'HELD' || verdict.verdict === 'IMPROVED'
  if (!good && verdict.role !== 'future' && verdict.role !== 'none') return context.skip(text)
  await context.annotate(text)
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`
}
