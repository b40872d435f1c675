/**
 * @file One arm's training in one round: builds the spec from the suite, submits it, passes progress on and waits for the end.
 */
import { join } from 'node:path'
import { deriveSeed } from '../base/seeded-random.ts'
import { casesOf } from '../eval/load-eval.ts'
import { createRewardFunction } from '../grading/reward-function.ts'
import { armDirectory } from '../ledger/run-layout.ts'
import type { CheckedArm } from '../suite/resolve-arms.ts'
import type { SuiteEval } from '../suite/check-suite.ts'
import type { TrainingOutcome } from '../trainer/trainer.ts'
import type { MethodSpec, TrainingExample, TrainingSpec } from '../trainer/training-spec.ts'
import { RunInterruptedError } from './errors.ts'
import type { AcceptedAdapter } from './lineage.ts'
import type { RunContext } from './run-context.ts'

/** One arm's part in one round. */
export interface ArmRound {
  readonly round: string
  readonly feature: SuiteEval
  readonly arm: CheckedArm
  readonly parent: AcceptedAdapter | null
}

/** Trains, or goes on with a training that an earlier process began. @throws RunInterruptedError when the run is stopped meanwhile */
export async function trainArm(context: RunContext, armRound: ArmRound): Promise<TrainingOutcome> {
  const { round, feature, arm } = armRound
  const spec = buildSpec(context, armRound)
  context.run.writeRecord(join(armDirectory(round, arm.name), 'spec.json'), spec)
  return context.reporter.phase({ round, arm: arm.name }, { phase: 'training', label: `training ${spec.method.name}` }, async (phase) => {
    let tokens = 0
    const handle = await context.trainer.submit(spec, {
      grade: createRewardFunction(feature.eval),
      onProgress: (progress) => {
        if (progress.phase === 'updating') tokens += progress.tokens
        phase.progress(progress.step, progress.steps, tokens)
      },
    })
    const stop = (): void => void handle.cancel({ saveFirst: true })
    context.signal?.addEventListener('abort', stop)
    const outcome = await handle.artifacts().finally(() => context.signal?.removeEventListener('abort', stop))
    if (outcome.state === 'cancelled') throw new RunInterruptedError(context.run.directory)
    return outcome
  })
}

function buildSpec(context: RunContext, { round, feature, arm, parent }: ArmRound): TrainingSpec {
  const { suite } = context
  const { plan } = context.run
  const method = arm.methods[feature.eval.name] as MethodSpec
  return {
    schemaVersion: 1,
    runId: plan.run,
    round,
    arm: arm.name,
    base: { directory: plan.base.directory, hash: plan.base.hash },
    parentAdapter: parent?.directory ?? null,
    lora: suite.lora,
    method,
    seeds: roundSeeds(suite.seed, round),
    examples: buildExamples(feature, method),
    maxNewTokens: feature.eval.sampling.maxNewTokens,
    passThreshold: feature.eval.passThreshold,
    checkpointSteps: checkpointSteps(method.steps, suite.checkpoints),
    directory: join(context.run.directory, armDirectory(round, arm.name)),
  }
}

/** The same for every arm of a round, so that arms differ by method alone. */
export function roundSeeds(seed: number, round: string): TrainingSpec['seeds'] {
  return {
    initialisation: deriveSeed(seed, round, 'initialisation'),
    order: deriveSeed(seed, round, 'order'),
    sampling: deriveSeed(seed, round, 'sampling'),
  }
}

function buildExamples(feature: SuiteEval, method: MethodSpec): TrainingExample[] {
  const demonstrate = method.name === 'sft' ? feature.eval.demonstrations[method.demonstration] : undefined
  return casesOf(feature.eval, 'train').map((row) => {
    const messages = [...(feature.eval.messages.get(row.id) ?? [])]
    return demonstrate === undefined
      ? { type: 'prompt', caseId: row.id, messages }
      : { type: 'demonstration', caseId: row.id, messages, completion: demonstrate(row) }
  })
}

/** `count` steps at equal distances; the last one is the training's last. */
export function checkpointSteps(steps: number, count: number): number[] {
  const all = Array.from({ length: count }, (_, index) => Math.round(((index + 1) * steps) / count))
  return [...new Set(all.filter((step) => step > 0))]
}
