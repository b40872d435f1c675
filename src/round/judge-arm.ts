/**
 * @file One candidate before the gate: roles from the lineage, pairs with parent, anchor, base and best, verdict written to the run.
 */
import { join } from 'node:path'
import { evalRole } from '../gate/eval-role.ts'
import { judgeRound } from '../gate/judge-round.ts'
import type { RoundVerdict } from '../gate/verdict.ts'
import { armDirectory, VERDICT_FILE } from '../ledger/run-layout.ts'
import type { RoundMargins } from './dev-scores.ts'
import { evalUnderGate, type GradeSet } from './grade-set.ts'
import type { Lineage } from './lineage.ts'
import { evalNamed, type RunContext } from './run-context.ts'
import type { ArmRound } from './arm-round.ts'

/** Judges a candidate and records the verdict. */
export async function judgeArm(
  context: RunContext,
  armRound: ArmRound,
  { lineage, candidate, margins }: { readonly lineage: Lineage; readonly candidate: GradeSet; readonly margins: RoundMargins },
): Promise<RoundVerdict> {
  const { round, arm, feature } = armRound
  return context.reporter.phase({ round, arm: arm.name }, { phase: 'judging', label: 'judging' }, async () => {
    const state = {
      features: context.suite.features.map((entry) => entry.eval.name),
      targets: [feature.eval.name],
      accepted: lineage.acceptedFeatures,
    }
    const baselines = lineage.baselines()
    const evals = context.run.plan.evals.map((planned) =>
      evalUnderGate(planned, evalRole(planned.name, state), {
        candidate,
        baselines,
        mode: 'run',
        definition: evalNamed(context.suite, planned.name),
        margin: margins.get(planned.name),
      }),
    )
    const verdict = judgeRound({ round, arm: arm.name, policy: context.suite.gate, evals })
    context.run.writeRecord(join(armDirectory(round, arm.name), VERDICT_FILE), verdict)
    return verdict
  })
}
