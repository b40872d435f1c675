/* oxlint-disable vitest/no-disabled-tests, vitest/no-conditional-tests, vitest/valid-title, vitest/expect-expect -- these tests are made from data */
/**
 * @file Turns a suite into vitest tests: one for each round, arm and eval, and the suite's own.
 * Only the suite's own test can fail: arms compete, and a run in which one arm loses and another ships is a good run.
 */
import { describe, it } from 'vitest'
import type { TestContext } from 'vitest'
import { displayPath } from '../../base/display-path.ts'
import type { SuiteOptions } from '../../suite/suite.ts'
import { SuiteNotAcceptedError } from '../errors.ts'
import type { PlannedRound } from './planned-rounds.ts'
import { percent } from '../result-text.ts'
import type { ShownVerdict, SuiteRun } from './suite-run.ts'

/** What the tests of a suite need. */
export interface SuiteTests {
  readonly options: Pick<SuiteOptions, 'name' | 'inconclusive'>
  readonly rounds: readonly PlannedRound[]
  readonly run: SuiteRun
  /** Whether the run was made before this test run. */
  readonly recorded: boolean
}

/** Registers the tests of a suite that runs now, or of a recorded run of it. */
export function registerSuite({ options, rounds, run, recorded }: SuiteTests): void {
  describe(options.name, { timeout: 0 }, () => {
    for (const round of rounds) registerRound(options.name, round, run)
    it('a candidate arm accepts every feature', async (context) => {
      const result = await run.result()
      const { exitCode, summary, directory } = result
      context.task.meta.holdfast = { kind: 'run', suite: options.name, recorded, ...result, directory: displayPath(directory) }
      const tolerated = exitCode === INCONCLUSIVE && options.inconclusive === 'warn'
      await context.annotate(`${summary} Report: ${displayPath(directory)}`, tolerated ? 'warning' : 'notice')
      if (exitCode !== 0 && !tolerated) throw new SuiteNotAcceptedError({ directory: result.directory, summary: result.summary })
    })
  })
}

const INCONCLUSIVE = 2

/** A suite that is neither tuned nor recorded is one skipped test that says how to make a run. */
export function registerWithoutRun(suite: string, how: string): void {
  it.skip(`${suite}: there is no finished run to assert on; ${how}`)
}

/** A suite of which no run can be looked at fails with the reason. */
export function registerFailure(suite: string, error: unknown): void {
  it(suite, () => {
    throw error
  })
}

/** Titles say round and arm themselves: most reporters print a test without the groups around it. */
function registerRound(suite: string, planned: PlannedRound, run: SuiteRun): void {
  for (const arm of planned.arms) {
    for (const evalName of planned.evals) {
      it(testTitle(planned, arm, evalName), async (context) => {
        const end = await run.round(planned.round, arm.name)
        if (end === null || end.verdict === null) return context.skip(end?.lost ?? 'the run ended without a verdict on this round')
        const verdict = end.verdict.evals.find(({ name }) => name === evalName)
        await showVerdict(context, { suite, round: planned.round, arm: arm.name }, verdict)
      })
    }
  }
}

function testTitle(planned: PlannedRound, arm: PlannedRound['arms'][number], evalName: string): string {
  const control = arm.role === 'control' ? ' (control)' : ''
  const target = evalName === planned.feature ? ' (target)' : ''
  return `${planned.round} / ${arm.name}${control} / ${evalName}${target}`
}

interface ShownSuite {
  readonly suite: string
  readonly round: string
  readonly arm: string
}

/** Good verdicts pass, others are skipped with the reason as their note: shown, never failed. */
async function showVerdict(context: TestContext, suite: ShownSuite, found: ShownVerdict | undefined): Promise<void> {
  if (found === undefined) return context.skip('not graded in this round')
  const { verdict, before, after, difference, interval, lost, gained } = found
  context.task.meta.holdfast = {
    kind: 'verdict',
    ...suite,
    eval: found.name,
    ...{ verdict, before, after, difference, interval: [interval[0], interval[1]], lost, gained },
  }
  const text = `${percent(before)} to ${percent(after)}; ${found.reason}`
  const good = verdict === 'HELD' || verdict === 'IMPROVED'
  if (!good && found.role !== 'future' && found.role !== 'none') return context.skip(text)
  await context.annotate(text)
}
