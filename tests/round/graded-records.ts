/**
 * @file Grade records without a grading, for what reads them.
 */
import type { GradeRecord } from '../../src/ledger/grade-record.ts'

const HASHES = {
  ...{ base: 'b', adapter: null, parent: null, case: 'c', messages: 'm', rendered: 'r', gold: 'g' },
  ...{ grader: 'x', sampling: 's', decoding: 'd' },
}

/** A record of one completion; what is not given is that of a plain passed case. */
export function gradedRecord(caseId: string, changes: Partial<GradeRecord> = {}): GradeRecord {
  const reward = changes.reward === undefined ? 1 : changes.reward
  return {
    ...{ v: 1, run: 'r', suiteHash: 'none', setHash: 's', purpose: 'dev', eval: 'sums', arm: null, round: null, step: null },
    ...{ trainingSeeds: null, hashes: HASHES, profile: 'eval', caseId, cluster: null, tags: [], twinOf: null, repeat: 0, seed: 1 },
    ...{ completion: 'x', tokenIds: [1, 2], logProbs: null, finishReason: 'stop', reward, subRewards: {}, audit: {}, passThreshold: 1 },
    ...{ pass: reward === null ? null : reward >= 1, formatValid: null, extractionRule: null, errorCode: null, errorMessage: null },
    ...changes,
  }
}

/** One record per repeat: rewards of a case in order, null for what could not be graded. */
export function repeatedRecords(
  caseId: string,
  rewards: readonly (number | null)[],
  changes: Partial<GradeRecord> = {},
): readonly GradeRecord[] {
  return rewards.map((reward, repeat) => gradedRecord(caseId, { reward, repeat, completion: `${reward}`, ...changes }))
}
