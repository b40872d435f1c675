/**
 * @file Writes a finished run of the scratch project's suite, planned and recorded by the real code; only the verdicts are made up, because the
 * suite's base model does not exist.
 */
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { judgeRound } from '../../src/gate/judge-round.ts'
import type { RoundVerdictName } from '../../src/gate/verdict.ts'
import { armDirectory } from '../../src/ledger/run-layout.ts'
import { startRun } from '../../src/round/start-run.ts'
import { checkSuite } from '../../src/suite/check-suite.ts'
import type { SuiteDefinition } from '../../src/suite/suite.ts'
import inSuiteFile from './project/suites/no-base.suite.ts'

export const SUITE_FILE = fileURLToPath(new URL('./project/suites/no-base.suite.ts', import.meta.url))
const EXIT_CODES = { ACCEPTED: 0, BLOCKED: 1, INCONCLUSIVE: 2 } as const

/** What is recorded. `definition` is the suite where it was made elsewhere than in its file. */
interface MadeRun {
  readonly name: string
  readonly outcome: RoundVerdictName
  readonly definition?: SuiteDefinition
}

/** One round of one arm: the target IMPROVED, the retention eval HELD or not. */
export async function recordNoBaseRun(root: string, made: MadeRun): Promise<void> {
  const suite = await checkSuite(made.definition ?? inSuiteFile, SUITE_FILE)
  const base = { name: 'none', directory: 'none', hash: 'none', tokenizer: 'none', parameterCount: 1, runtime: 'none' }
  const run = await startRun({ root, suite, base, runName: made.name, resume: false })
  const [round] = run.plan.rounds
  const evals = run.plan.evals.map(({ name, margin, minEffect }) => {
    const isTarget = name === 'yes-no'
    const pairs = Array.from({ length: 100 }, (_, index) => {
      const passBefore = !isTarget
      const passAfter = isTarget || index >= (made.outcome === 'ACCEPTED' ? 0 : 10)
      return { caseId: `${index}`, repeat: 0, cluster: null, before: Number(passBefore), after: Number(passAfter), passBefore, passAfter }
    })
    const comparisons = { parent: { evalName: name, baseline: 'parent' as const, pairs } }
    const declared = { margin, minEffect, expectedFlips: 0.1, chance: 0, repeats: 1, graded: false }
    return { name, role: isTarget ? ('target' as const) : ('old' as const), blocking: true, ...declared, comparisons }
  })
  const verdict = judgeRound({ round: round?.name ?? '', arm: 'sft', policy: suite.gate, evals })
  run.writeRecord(join(armDirectory(verdict.round, 'sft'), 'verdict.json'), verdict)
  const rounds = [{ round: verdict.round, feature: 'yes-no', outcome: made.outcome, adapter: null }]
  run.finish({
    schemaVersion: 1,
    run: run.plan.run,
    suiteHash: run.plan.suite.hash,
    exitCode: EXIT_CODES[made.outcome],
    summary: `${made.outcome}: as recorded`,
    lineages: [{ arm: 'sft', role: 'candidate', rounds }],
  })
  run.close()
}
