import { expect, it } from 'vitest'
import { mergeEvalReports } from '../../../src/vitest/report/report-schema.ts'
import type { EvalReport } from '../../../src/vitest/report/report-schema.ts'
import { githubLines, reportLines } from '../../../src/vitest/report/report-text.ts'

const place = { project: 'evals', file: 'evals/a,b:c.eval.ts', test: 'refill: 100 %', problem: null }
const evalRow: EvalReport['evals'][number] = {
  ...place,
  ...{ state: 'failed', problem: 'EVAL_BELOW_MIN_PASS  half' },
  ...{ eval: 'refill', model: 'models/nano', cases: 21, passed: 10, errors: 1, passShare: 0.5, interval: [0.3, 0.7] },
  ...{ minPass: 0.8, meanReward: 0.5, lost: [{ caseId: 'a', output: 'x' }], lostCount: 1, gradesFile: 'grades.jsonl' },
  warnings: ['ANSWERS_EMPTY: 21 of 21 answers are empty'],
}
const suiteRow: EvalReport['suites'][number] = {
  ...{ ...place, project: 'suites', state: 'passed', suite: 'clinic-app', run: 'clinic-1', directory: 'reports/clinic-1' },
  ...{ recorded: true, exitCode: 0, summary: 'ACCEPTED: every feature was accepted in "sft"', verdicts: [] },
}
const report: EvalReport = { schemaVersion: 1, shard: null, passed: false, evals: [evalRow], suites: [suiteRow], failures: [] }

it('reportLines() say the share with its interval, what was lost and what was asked, and which run a suite asserted on', () => {
  expect(reportLines(report, 'reports/vitest/report.json')).toEqual([
    'Evals',
    '  refill      10 of 20 passed, 50.0 % (95 % interval 30.0 % to 70.0 %), 1 could not be graded; 1 lost; at least 80.0 % must, FAILED',
    '              warning ANSWERS_EMPTY: 21 of 21 answers are empty',
    'Suites',
    '  clinic-app  ACCEPTED: every feature was accepted in "sft" (recorded run clinic-1)',
    'report  reports/vitest/report.json',
  ])
})

it('githubLines() are one line for each failure, escaped so that no text can begin another command', () => {
  const hostile = { ...place, state: 'failed' as const, problem: 'first\r\n::error::second' }
  expect(githubLines({ ...report, failures: [hostile] })).toEqual([
    '::error file=evals/a%2Cb%3Ac.eval.ts,title=refill%3A 100 %25::EVAL_BELOW_MIN_PASS  half',
    '::error file=evals/a%2Cb%3Ac.eval.ts,title=refill%3A 100 %25::first%0D%0A::error::second',
  ])
})

it('mergeEvalReports() passes only when all shards are there and passed', () => {
  const part = (index: number, passed = true): EvalReport => ({ ...report, passed, shard: { index, count: 2 }, suites: [] })
  expect(mergeEvalReports([part(1), part(2)])).toMatchObject({ passed: true, shard: null, evals: [evalRow, evalRow] })
  expect(mergeEvalReports([part(1), part(1)]).passed).toBe(false)
  expect(mergeEvalReports([part(1)]).passed).toBe(false)
  expect(mergeEvalReports([part(1), part(2, false)]).passed).toBe(false)
  expect(mergeEvalReports([]).passed).toBe(false)
})
