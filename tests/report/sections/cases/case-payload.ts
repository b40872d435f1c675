/**
 * @file The packed cases of a synthetic run.
 */
import { packCases } from '../../../../src/report/sections/cases/data.ts'
import type { CasePayload } from '../../../../src/report/sections/cases/data.ts'
import { temporaryRun, tracedRun } from '../../temporary-run.ts'

export async function payloadOf(options: Parameters<typeof temporaryRun>[0]): Promise<CasePayload> {
  return packCases(await tracedRun(temporaryRun(options)))
}
