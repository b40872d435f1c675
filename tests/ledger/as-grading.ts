/** @file What a grading was asked and under what, read off its records: for writing recorded grades anew. */
import type { AskedCase, GradingFields } from '../../src/ledger/grade-lines.ts'
import type { GradeRecord } from '../../src/ledger/grade-record.ts'

export function gradingOf([first]: readonly GradeRecord[]): GradingFields {
  const {
    run,
    suiteHash,
    setHash,
    purpose,
    eval: name,
    arm,
    round,
    step,
    trainingSeeds,
    profile,
    passThreshold,
    hashes,
  } = first as GradeRecord
  const { base, adapter, parent, grader, sampling, decoding } = hashes
  return {
    ...{ run, suiteHash, setHash, purpose, eval: name, arm, round, step, trainingSeeds, profile, passThreshold },
    hashes: { base, adapter, parent, grader, sampling, decoding },
  }
}

export function askedOf(records: readonly GradeRecord[]): readonly AskedCase[] {
  const cases = new Map<string, AskedCase>()
  for (const { caseId, cluster, tags, twinOf, seed, hashes } of records) {
    const own = { case: hashes.case, messages: hashes.messages, rendered: hashes.rendered, gold: hashes.gold }
    const known = cases.get(caseId) ?? { caseId, cluster, tags, twinOf, seeds: [], hashes: own }
    cases.set(caseId, { ...known, seeds: [...known.seeds, seed] })
  }
  return [...cases.values()]
}
