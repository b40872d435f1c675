/**
 * @file What became of each arm, as data: its rounds with their outcomes, and the one line that decides.
 */
import { z } from 'zod'
import { decidingFact } from '../../deciding-fact.ts'
import { lineageOf } from '../../lineage.ts'
import type { TracedRun } from '../../lineage.ts'
import { outcomeSchema } from '../../outcome-mark.ts'
import { documentPart } from '../../section.ts'
import type { Members } from '../../section.ts'

const reportedArmSchema = z.strictObject({
  name: z.string(),
  role: z.enum(['candidate', 'control']),
  method: z.record(z.string(), z.unknown()),
  accepted: z.array(z.string()),
  outcomes: z.array(z.strictObject({ round: z.string(), feature: z.string().nullable(), outcome: outcomeSchema })),
  line: z.string(),
})

export type ReportedArm = z.infer<typeof reportedArmSchema>

const shape = { arms: z.array(reportedArmSchema) }

export type VerdictMembers = Members<typeof shape>

export const verdictData = documentPart(shape, (run): VerdictMembers => ({
  arms: run.plan.arms.map((arm) => armOf(arm, run)),
}))

function armOf(arm: TracedRun['plan']['arms'][number], run: TracedRun): ReportedArm {
  const own = lineageOf(run, arm.name)
  const deciding =
    own.findLast((entry) => entry.outcome === 'BLOCKED' || entry.outcome === 'LOST') ??
    own.findLast((entry) => entry.outcome === 'INCONCLUSIVE') ??
    own.findLast((entry) => entry.outcome === 'UNFINISHED') ??
    own.at(-1)
  const line = deciding === undefined ? 'no round was planned' : `${deciding.recorded.round} ${deciding.outcome}: ${decidingFact(deciding)}`
  return {
    ...arm,
    accepted: own.filter((entry) => entry.outcome === 'ACCEPTED').map((entry) => entry.recorded.round),
    outcomes: own.map(({ recorded, outcome }) => ({ round: recorded.round, feature: recorded.feature, outcome })),
    line,
  }
}
