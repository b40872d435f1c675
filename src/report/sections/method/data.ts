/**
 * @file How the run was judged, as data: the evals as declared, policy, seeds and versions, what the run warned of, and how two foreign models
 * were asked differently.
 */
import { z } from 'zod'
import { gatePolicySchema } from '../../../gate/policy.ts'
import { trainerRecordSchema } from '../../../ledger/run-records.ts'
import type { TracedRun } from '../../lineage.ts'
import { modelDifferenceSchema } from '../../../ledger/verdict-record.ts'
import { documentPart } from '../../section.ts'
import type { Members } from '../../section.ts'
import { runWarnings } from './run-warnings.ts'

const declaredEvalSchema = z.strictObject({
  name: z.string(),
  description: z.string(),
  kind: z.enum(['feature', 'retention']),
  blocking: z.boolean(),
  advisory: z.strictObject({ cases: z.int(), neededCases: z.int(), supportedMargin: z.number() }).nullable(),
  margin: z.number(),
  minEffect: z.number(),
  chance: z.number(),
  expectedFlips: z.number(),
  passThreshold: z.number(),
  repeats: z.int(),
  /** Whether rewards (true) or passes (false) were compared. */
  graded: z.boolean(),
  caseCounts: z.record(z.string(), z.int()),
  setHash: z.string(),
  /** Of all its cases, training cases included; absent in older runs. */
  contentHash: z.string().optional(),
  /** How it is asked and counted; absent in older runs. */
  settings: z.record(z.string(), z.unknown()).optional(),
  graderHash: z.string(),
  graders: z.array(z.string()),
})

const judgedBySchema = z.strictObject({
  alpha: z.number(),
  /** Of the printed intervals: 1 - 2 alpha. */
  confidence: z.number(),
  policy: z.record(z.string(), z.unknown()),
  lora: z.record(z.string(), z.unknown()).nullable(),
  seed: z.number(),
  runtime: z.string(),
  /** Absent where the embedded engine trained. */
  trainer: trainerRecordSchema.optional(),
  holdfastVersion: z.string(),
})

const shape = {
  evals: z.array(declaredEvalSchema),
  method: judgedBySchema,
  warnings: z.array(z.strictObject({ code: z.string(), message: z.string() })),
  /** Mode `gate`: how the two models were asked differently; absent where they were not. */
  differences: z.array(z.strictObject(modelDifferenceSchema.shape)).optional(),
}

export type MethodMembers = Members<typeof shape>

/** The warnings stand here because report.json has always had them behind the method; the page shows them in its head. */
export const methodData = documentPart(shape, (run): MethodMembers => ({
  evals: run.plan.evals.map((each) => ({ ...each, graders: each.graders.map(graderText) })),
  method: judgedBy(run),
  warnings: [...runWarnings(run)],
  ...differencesOf(run),
}))

function judgedBy({ plan }: TracedRun): z.infer<typeof judgedBySchema> {
  const policy = gatePolicySchema.safeParse(plan.gate)
  const alpha = policy.success ? policy.data.alpha : 0.05
  const { lora, seed, runtime, trainer, holdfastVersion, gate } = plan
  return {
    alpha,
    confidence: 1 - 2 * alpha,
    policy: policy.success ? { ...policy.data } : gate,
    lora,
    seed,
    runtime,
    ...(trainer == null ? {} : { trainer }),
    holdfastVersion,
  }
}

function differencesOf({ lineages }: TracedRun): Pick<MethodMembers, 'differences'> {
  const differences = lineages.flatMap(({ recorded }) => recorded.verdict?.differences ?? [])
  return differences.length === 0 ? {} : { differences }
}

function graderText({ name, kind, version, hash, audit }: TracedRun['plan']['evals'][number]['graders'][number]): string {
  return `${name} (${kind} v${version}, ${hash}${audit ? ', audit' : ''})`
}
