/**
 * @file One arm's training in one round: builds the spec from the suite, submits it, passes progress on and waits for the end.
 */
import { join } from 'node:path'
import { appendJsonl } from '../base/jsonl.ts'
import { deriveSeed } from '../base/seeded-random.ts'
import type { Eval } from '../eval/eval.ts'
import type { GraderModels } from '../eval/grader.ts'
import { identifyGrading } from '../grading/identify-grading.ts'
import { createErrorNotes, createRewardFunction } from '../grading/reward-function.ts'
import { armDirectory, CHECKPOINTS_FOLDER, EVENTS_FILE, HACKING_FILE, ROLLOUTS_FILE, SPEC_FILE, WATCH_FILE } from '../ledger/run-layout.ts'
import { learningWarning } from '../trainer/learning-warning.ts'
import type { TrainingHandle, TrainingOutcome } from '../trainer/trainer.ts'
import type { TrainingEvent } from '../trainer/training-event.ts'
import { drawsSamples, stagesOf, type MethodSpec } from '../method/method-spec.ts'
import type { TrainingSpec } from '../trainer/training-spec.ts'
import { RunInterruptedError } from './errors.ts'
import type { ArmRound } from './arm-round.ts'
import type { RunContext } from './run-context.ts'
import { DrawingDisplay } from './drawing-display.ts'
import { buildExamples, replayedLimits } from './training-examples.ts'
import { RewardedCompletions, watchedCases, watchTraining } from './watch-training.ts'

/** What a training leaves that is read again: sealed when it ends. */
const TRAINING_FILES = [SPEC_FILE, HACKING_FILE, WATCH_FILE, EVENTS_FILE, ROLLOUTS_FILE, CHECKPOINTS_FOLDER]

/** Trains, or goes on with a training that an earlier process began. @throws RunInterruptedError when the run is stopped meanwhile */
export async function trainArm(context: RunContext, armRound: ArmRound): Promise<TrainingOutcome> {
  const { round, feature, arm } = armRound
  const spec = buildSpec(context, armRound)
  const label = `training ${spec.method.name}`
  context.run.writeRecord(join(armDirectory(round, arm.name), SPEC_FILE), spec)
  return context.reporter.phase({ round, arm: arm.name }, { phase: 'training', label }, async (phase) => {
    let tokens = 0
    const rewarded = new RewardedCompletions()
    const notes = createErrorNotes()
    const drawing = new DrawingDisplay(context.reporter, { round, arm: arm.name, training: label })
    const replayed = armRound.earlier.map((entry) => entry.eval)
    const gradings = await identifyGradings([...replayed, feature.eval], context.models)
    const watch = watchTraining(context, armRound, rewarded)
    const handle = await context.slot.trainer.submit(spec, {
      grade: createRewardFunction(
        { own: feature.eval, replayed },
        (request, grade) => {
          rewarded.add(request, grade.reward)
          notes.onGrade(request, grade)
        },
        context.models,
      ),
      whyUngraded: notes.whyUngraded,
      graderHash: (name) => gradings.get(name === '' ? feature.eval.name : name) ?? '',
      ...(watch === null ? {} : { watch }),
      onProgress: (progress) => {
        if (progress.phase === 'updating') tokens += progress.tokens
        if (!drawing.sees(progress)) phase.progress(progress.step, progress.steps, tokens)
      },
    })
    const stop = (): void => void handle.cancel({ saveFirst: true })
    context.signal?.addEventListener('abort', stop)
    const outcome = await handle.artifacts().finally(() => context.signal?.removeEventListener('abort', stop))
    if (outcome.state === 'cancelled') throw new RunInterruptedError({ directory: context.run.directory })
    const warning = learningWarning(await eventsOf(handle), { round, arm: arm.name })
    if (warning !== null) context.reporter.tell({ type: 'warning', ...warning })
    // A lost training goes on some day, so its files are not finished.
    if (outcome.state !== 'lost') context.run.seal(...TRAINING_FILES.map((name) => join(armDirectory(round, arm.name), name)))
    // For the report: whichever trainer it was, the end of a lost training is told in its events.
    if (outcome.state === 'lost')
      appendJsonl(join(spec.directory, EVENTS_FILE), [{ type: 'lost', code: outcome.code, message: outcome.message }])
    return outcome
  })
}

/** By the evals' names. */
async function identifyGradings(definitions: readonly Eval[], models: GraderModels): Promise<ReadonlyMap<string, string>> {
  const gradings = new Map<string, string>()
  for (const definition of definitions) gradings.set(definition.name, await identifyGrading(definition, models))
  return gradings
}

/** All events of a training that has ended. */
async function eventsOf(handle: TrainingHandle): Promise<TrainingEvent[]> {
  const events: TrainingEvent[] = []
  for await (const event of handle.events()) events.push(event)
  return events
}

function buildSpec(context: RunContext, armRound: ArmRound): TrainingSpec {
  const { round, feature, arm, parent, earlier } = armRound
  const { suite } = context
  const { plan } = context.run
  const method = arm.methods[feature.eval.name] as MethodSpec
  const seeds = roundSeeds(suite.seed, round)
  return {
    schemaVersion: 1,
    runId: plan.run,
    round,
    arm: arm.name,
    base: { directory: plan.base.directory, hash: plan.base.hash },
    parentAdapter: parent?.directory ?? null,
    start: context.start,
    lora: suite.lora,
    method,
    seeds,
    examples: buildExamples({ feature: feature.eval, earlier: earlier.map((entry) => entry.eval), method, seed: seeds.order }),
    watched: stagesOf(method).some(drawsSamples) ? watchedCases(context, feature) : [],
    maxNewTokens: feature.eval.sampling.maxNewTokens,
    passThreshold: feature.eval.passThreshold,
    replayed: replayedLimits(
      method,
      earlier.map((entry) => entry.eval),
    ),
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

/** `count` steps at equal distances; the last one is the training's last. */
export function checkpointSteps(steps: number, count: number): number[] {
  const all = Array.from({ length: count }, (_, index) => Math.round(((index + 1) * steps) / count))
  return [...new Set(all.filter((step) => step > 0))]
}
