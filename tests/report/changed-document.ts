/**
 * @file A document with changes to one eval of its first round: standings and margins that the synthetic run does not have.
 */
import { expect } from 'vitest'
import type { ReportDocument } from '../../src/report/document.ts'
import type { ReportedRound } from '../../src/report/sections/evals/data.ts'
import type { ReportedEval } from '../../src/report/sections/evals/reported-eval.ts'
import { documentOf, temporaryRun } from './temporary-run.ts'

/** A document of one arm with changes to one eval of its first round. */
export async function documentWith(changes: Partial<ReportedEval>, round: Partial<ReportedRound> = {}): Promise<ReportDocument> {
  const document = await documentOf(temporaryRun({ gateCases: 60, arms: ['sft'] }))
  const [first, ...rest] = document.rounds
  if (first === undefined) return expect.fail('no round')
  const evals = first.evals.map((each) => (each.name === 'general-json' ? { ...each, ...changes } : each))
  return { ...document, rounds: [{ ...first, ...round, evals }, ...rest] }
}
