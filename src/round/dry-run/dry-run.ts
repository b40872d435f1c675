/**
 * @file What a run would do, without doing it: rounds and arms with their tokens, device time and memory, from the checked suite and the sizes of the
 * model alone. It opens no weights, starts nothing and writes nothing; every figure is an estimate.
 */
import type { Eval } from '../../eval/eval.ts'
import { roundName } from '../../ledger/run-layout.ts'
import type { Plan } from '../../ledger/run-records.ts'
import type { Suite, SuiteEval } from '../../suite/checked-suite.ts'
import type { CheckedArm } from '../../suite/checked-suite.ts'
import type { SuiteDefinition } from '../../suite/suite.ts'
import type { TrainerEstimate } from '../../trainer/driver.ts'
import { driverOf } from '../../trainer/drivers.ts'
import type { EstimatedDevice } from '../../estimate/device-speed.ts'
import type { EstimateBase } from '../../estimate/estimate-base.ts'
import type { MemoryTooSmallError } from '../../estimate/errors.ts'
import type { MemoryEstimate } from '../../estimate/memory.ts'
import { parameterCount } from '../../estimate/model-figures.ts'
import { measureExamples, type ExampleLengths } from '../../estimate/text-lengths.ts'
import { workSeconds } from '../../estimate/work-seconds.ts'
import { addWork, methodWork, NO_WORK, type Range, type Work } from '../../estimate/work.ts'
import type { MethodSpec } from '../../method/method-spec.ts'
import { drawsSamples, stagesOf } from '../../method/method-spec.ts'
import { samplingRows } from '../../estimate/rows.ts'
import { baseGrading, checkpointGrading, gateGrading, newTokensOf, watchedAnswers } from './grading.ts'
import { planRun } from '../plan-run.ts'
import { checkpointSteps } from '../train-arm.ts'
import { buildExamples } from '../training-examples.ts'

/** What is estimated with. `definition` is the suite as written, for the arms that are left out; null where nobody asks for them. */
export interface DryRunInput {
  readonly definition: SuiteDefinition | null
  readonly base: EstimateBase
  readonly estimate: TrainerEstimate
}

/** One arm's part in one round. */
export interface DryRunPart {
  readonly round: string
  readonly arm: string
  readonly role: CheckedArm['role']
  readonly method: MethodSpec['name']
  readonly steps: number
  readonly training: Work
  readonly grading: Work
  readonly trainingSeconds: Range
  readonly gradingSeconds: Range
  /** Null for a trainer that fits its batches to what there is. */
  readonly memory: MemoryEstimate | null
  /** Why it would not fit; null when it does or the device's memory is not known. */
  readonly shortage: MemoryTooSmallError | null
}

/** A run as estimated. */
export interface DryRun {
  readonly suite: string
  readonly base: string
  readonly parameters: number
  readonly trainer: Suite['trainer']['name']
  readonly device: EstimatedDevice
  /** Grading of the base before the first round. */
  readonly start: { readonly work: Work; readonly seconds: Range }
  readonly parts: readonly DryRunPart[]
  readonly totals: { readonly training: Work; readonly grading: Work; readonly trainingSeconds: Range; readonly gradingSeconds: Range }
  /** Arms of the suite that would not run. */
  readonly leftOut: readonly { readonly arm: string; readonly reason: 'optional' | 'control' | 'not chosen' }[]
  readonly warnings: Plan['warnings']
  readonly assumptions: readonly string[]
}

/** Completions that are answered together while grading: an assumption. */
const GRADING_ROWS = 32

/** Estimates a run. Every feature is taken to be accepted in its round, which is the most that later rounds can have to keep. */
export function dryRun(suite: Suite, input: DryRunInput): DryRun {
  const { base, estimate } = input
  const parts = suite.features.flatMap((feature, index) => suite.arms.map((arm) => estimatePart(suite, { feature, index, arm }, input)))
  const startWork = baseGrading(suite, base.counter)
  const start = { work: startWork, seconds: gradingSeconds(startWork, input) }
  return {
    suite: suite.name,
    base: base.name,
    parameters: parameterCount(base.figures),
    trainer: suite.trainer.name,
    device: estimate.device,
    start,
    parts,
    totals: {
      training: addWork(parts.map((part) => part.training)),
      grading: addWork([start.work, ...parts.map((part) => part.grading)]),
      trainingSeconds: addRanges(parts.map((part) => part.trainingSeconds)),
      gradingSeconds: addRanges([start.seconds, ...parts.map((part) => part.gradingSeconds)]),
    },
    leftOut: leftOutArms(suite, input.definition),
    warnings: planRun({ run: 'dry-run', suite, base: unopenedBase(base) }).warnings,
    assumptions: assumptionsOf(input),
  }
}

interface Part {
  readonly feature: SuiteEval
  readonly index: number
  readonly arm: CheckedArm
}

function estimatePart(suite: Suite, { feature, index, arm }: Part, input: DryRunInput): DryRunPart {
  const { counter, figures } = input.base
  const { device } = input.estimate
  const method = arm.methods[feature.eval.name] as MethodSpec
  const earlier = suite.features.slice(0, index)
  const examples = buildExamples({ feature: feature.eval, earlier: earlier.map((entry) => entry.eval), method, seed: suite.seed })
  const lengths = measureExamples(examples, counter)
  const checkpoints = checkpointSteps(method.steps, suite.checkpoints).length
  const newTokens = newTokensOf(feature.eval, counter)
  const texts = textsOf(lengths, newTokens)
  const watched = stagesOf(method).some(drawsSamples) ? watchedAnswers(suite, feature, counter) : NO_WORK
  const training = addWork([methodWork(method, texts), ...Array.from({ length: checkpoints + 1 }, () => watched)])
  const perCheckpoint = checkpointGrading(suite, { feature, earlier }, counter)
  const grading = addWork([...Array.from({ length: checkpoints + 1 }, () => perCheckpoint), gateGrading(suite, feature, counter)])
  const round = roundName(index + 1, feature.eval.name)
  return {
    ...{ round, arm: arm.name, role: arm.role, method: method.name, steps: method.steps, training, grading },
    trainingSeconds: workSeconds(figures, training, {
      ...{ speed: device.speed, precision: device.precision, promptTokens: lengths.prompts.mean },
      gradientCheckpointing: device.gradientCheckpointing,
      decodeRows: decodeRows(method, lengths, feature.eval),
    }),
    gradingSeconds: gradingSeconds(grading, input),
    ...input.estimate.memory(
      { round, arm: arm.name, method, lora: suite.lora, lengths, maxNewTokens: feature.eval.sampling.maxNewTokens },
      input.base,
    ),
  }
}

function textsOf(lengths: ExampleLengths, newTokens: Range): Parameters<typeof methodWork>[1] {
  const { prompts, answers, promptsToDraw } = lengths
  return { trainCases: promptsToDraw, promptTokens: prompts.mean, answerTokens: answers.count === 0 ? null : answers.mean, newTokens }
}

function decodeRows(method: MethodSpec, lengths: ExampleLengths, { sampling }: Eval): number {
  const tokens = lengths.prompts.mean + sampling.maxNewTokens
  return Math.max(1, ...stagesOf(method).map((stage) => samplingRows(stage, tokens)))
}

function gradingSeconds(work: Work, { base, estimate: { device, grading } }: DryRunInput): Range {
  const promptTokens = work.completions === 0 ? 0 : work.promptTokens / work.completions
  const settings = { precision: device.precision, gradientCheckpointing: false, decodeRows: GRADING_ROWS, promptTokens }
  return workSeconds(base.figures, work, { ...settings, speed: grading ?? device.speed })
}

/** The arms of the suite file that this run leaves out, and why. */
function leftOutArms(suite: Suite, definition: SuiteDefinition | null): DryRun['leftOut'] {
  if (definition === null) return []
  const chosen = new Set(suite.arms.map((arm) => arm.name))
  const asks = !driverOf(suite.trainer).runsControls(suite.trainer)
  return definition.options.arms
    .filter((arm) => !chosen.has(arm.name))
    .map((arm) => ({
      arm: arm.name,
      reason: arm.optional === true ? 'optional' : arm.role === 'control' && asks ? 'control' : 'not chosen',
    }))
}

function assumptionsOf({ base, estimate: { device, grading } }: DryRunInput): string[] {
  const counts = base.isCounted
    ? "tokens as the model's tokenizer counts them"
    : 'tokens as characters divided by 4: the model has no tokenizer.json'
  return [
    counts,
    'completions expected as long as written answers, half of the limit where there are none or the model thinks; "at most" is the limit',
    'every feature accepted in its round; starting, loading and saving not counted',
    device.speed.assumption,
    ...(grading === null ? [] : [grading.assumption]),
  ]
}

/** The plan's gate sizes need no open model. */
function unopenedBase(base: EstimateBase): Parameters<typeof planRun>[0]['base'] {
  return { name: base.name, directory: base.name, hash: '', tokenizer: '', parameterCount: parameterCount(base.figures), runtime: '' }
}

function addRanges(ranges: readonly Range[]): Range {
  return ranges.reduce((sum, range) => ({ expected: sum.expected + range.expected, most: sum.most + range.most }), { expected: 0, most: 0 })
}
