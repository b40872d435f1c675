import { expect, test } from 'vitest'
import type { RunHeader } from '../../src/ledger/run-records.ts'
import { runExitCode, runSummary, verdictExitCode } from '../../src/round/exit-code.ts'

type RecordedLineage = RunHeader['lineages'][number]
type Outcome = RecordedLineage['rounds'][number]['outcome']

/** A lineage whose rounds are for the features f1, f2, …. */
const lineage = (arm: string, outcomes: readonly Outcome[], role: RecordedLineage['role'] = 'candidate'): RecordedLineage => ({
  arm,
  role,
  rounds: outcomes.map((outcome, index) => ({ round: `0${index + 1}-f${index + 1}`, feature: `f${index + 1}`, outcome, adapter: null })),
})

test.each<[string, readonly RecordedLineage[], number, string]>([
  [
    'one candidate accepted everything, though another was lost',
    [lineage('a', ['ACCEPTED', 'ACCEPTED']), lineage('b', ['LOST', 'BLOCKED'])],
    0,
    'ACCEPTED: every feature was accepted in "a"',
  ],
  [
    'a candidate was lost and none accepted everything',
    [lineage('a', ['BLOCKED']), lineage('b', ['LOST'])],
    3,
    'COULD NOT RUN: training was lost in "b"',
  ],
  [
    'a feature was blocked in every candidate',
    [lineage('a', ['ACCEPTED', 'BLOCKED']), lineage('b', ['INCONCLUSIVE', 'BLOCKED'])],
    1,
    'BLOCKED: "f2" was blocked in every candidate arm',
  ],
  [
    'each feature is accepted by another candidate',
    [lineage('a', ['ACCEPTED', 'BLOCKED']), lineage('b', ['BLOCKED', 'ACCEPTED'])],
    2,
    'INCONCLUSIVE: no candidate arm accepted every feature, and no feature was blocked in all of them',
  ],
  [
    'a control accepted everything and the candidate was blocked',
    [lineage('a', ['BLOCKED']), lineage('c', ['ACCEPTED'], 'control')],
    1,
    'BLOCKED: "f1" was blocked in every candidate arm',
  ],
  [
    'only controls were run, and one was lost',
    [lineage('c', ['LOST'], 'control')],
    2,
    'INCONCLUSIVE: no candidate arm was run, controls alone decide nothing',
  ],
])('runExitCode() and runSummary() when %s', (_, lineages, code, summary) => {
  expect(runExitCode(lineages)).toBe(code)
  expect(runSummary(lineages)).toBe(summary)
})

test('verdictExitCode() gives 0, 1 and 2 for ACCEPTED, BLOCKED and INCONCLUSIVE', () => {
  expect((['ACCEPTED', 'BLOCKED', 'INCONCLUSIVE'] as const).map(verdictExitCode)).toEqual([0, 1, 2])
})
