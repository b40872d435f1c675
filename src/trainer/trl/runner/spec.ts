/**
 * @file From a training spec to what the Python runner gets: text as tokens, order of batches and learning rates written out, so that both trainers
 * learn the same tokens in the same order at the same rates.
 */
import { learningRateAt } from '../../../method/learning-rate.ts'
import type { Tokenizer } from '../../../engine/tokenizer/tokenizer.ts'
import { BatchOrder } from '../../batch-order.ts'
import { drawsSamples, exampleTypeOf, formOf, stagesOf, usesEqualRewards, type StageSpec } from '../../../method/method-spec.ts'
import type { TrainingExample, TrainingSpec } from '../../training-spec.ts'
import type { RunnerExample, RunnerSpec, RunnerStage } from '../protocol.ts'
import { REWARD_ERROR_BUDGET } from '../../reward-error-budget.ts'

/** What the runner's machine adds to a spec. */
export interface RunnerMachine {
  readonly base: RunnerSpec['base']
  /** On the runner's machine. */
  readonly parentAdapter: string | null
  readonly directory: string
  readonly device: RunnerSpec['device']
  /** How long the runner tries to reach the graders. */
  readonly patienceMs: number
}

/** How a model's text becomes tokens. */
export interface RunnerText {
  readonly tokenizer: Pick<Tokenizer, 'renderChat' | 'encode' | 'turnEnd'>
  readonly stopIds: readonly number[]
  readonly padId: number
}

const CANARY_TOKENS = 16
const CANARY_TEXT = 'The quick brown fox jumps over the lazy dog, then sits down and waits for the next round to begin.'

/** The runner's spec. Options for TRL from the trainer stand behind those of the method. */
export function buildRunnerSpec(
  spec: TrainingSpec,
  machine: RunnerMachine,
  { text, options }: { readonly text: RunnerText; readonly options: Readonly<Record<string, unknown>> },
): RunnerSpec {
  const { runId, round, arm, lora, start, maxNewTokens, passThreshold, replayed, seeds } = spec
  return {
    ...{ schemaVersion: 1, runId, round, arm, lora, start, maxNewTokens, passThreshold, replayed },
    base: machine.base,
    parentAdapter: machine.parentAdapter,
    seeds: { initialisation: seeds.initialisation, order: seeds.order, sampling: seeds.sampling },
    stages: buildStages(spec, options),
    examples: spec.examples.map((example) => encodeExample(example, text)),
    watched: spec.watched.map(({ eval: name, caseId, ...asked }) => ({ eval: name, caseId, promptIds: render(asked, text) })),
    stopIds: [...text.stopIds],
    padId: text.padId,
    checkpointSteps: [...new Set([...spec.checkpointSteps, spec.method.steps])].toSorted((a, b) => a - b),
    canary: canaryOf(spec, text),
    directory: machine.directory,
    device: machine.device,
    rewards: { errorShare: REWARD_ERROR_BUDGET.share, errorMinimum: REWARD_ERROR_BUDGET.minimum, patienceMs: machine.patienceMs },
  }
}

function buildStages(spec: TrainingSpec, options: Readonly<Record<string, unknown>>): RunnerStage[] {
  let firstStep = 0
  return stagesOf(spec.method).map((method) => {
    const stage: RunnerStage = {
      method: { ...method, trl: { ...options, ...method.trl } as StageSpec['trl'] },
      firstStep,
      learningRates: Array.from({ length: method.steps }, (_, index) => learningRateAt(index + 1, method.steps, method.optimizer)),
      optimizer: method.optimizer,
      order: stageOrder(method, spec),
      drawsSamples: drawsSamples(method),
      usesEqualRewards: usesEqualRewards(method),
    }
    firstStep += method.steps
    return stage
  })
}

/** Indices into the examples, batch after batch; null where a stage learns from samples that do not exist yet. */
function stageOrder(method: StageSpec, spec: TrainingSpec): number[] | null {
  const batchSize = formOf(method).orderedPerStep(method)
  if (batchSize === null) return null
  const type = exampleTypeOf(method)
  const indices = spec.examples.flatMap((example, index) => (example.type === type ? [index] : []))
  const order = new BatchOrder({ count: indices.length, batchSize, seed: spec.seeds.order, label: method.name })
  return Array.from({ length: method.steps }, (_, step) => order.batch(step + 1).map((index) => indices[index] as number)).flat()
}

function encodeExample(example: TrainingExample, text: RunnerText): RunnerExample {
  const { type, eval: name, caseId } = example
  const answer = (content: string): number[] => closeAnswer(content, text)
  return {
    ...{ type, eval: name, caseId },
    promptIds: render(example, text),
    completionIds: type === 'demonstration' || type === 'thumb' ? answer(example.completion) : null,
    chosenIds: type === 'pair' ? answer(example.chosen) : null,
    rejectedIds: type === 'pair' ? answer(example.rejected) : null,
    thumb: type === 'thumb' ? example.thumb : null,
  }
}

function render({ messages, tools }: Pick<TrainingExample, 'messages' | 'tools'>, { tokenizer }: RunnerText): number[] {
  return [...tokenizer.renderChat(messages, { addGenerationPrompt: true, tools }).ids]
}

/** An answer and the token that ends it; special tokens spelled in it stay ordinary text. */
function closeAnswer(content: string, { tokenizer, stopIds }: RunnerText): number[] {
  return [...tokenizer.encode(content, { plainText: true }), ...tokenizer.turnEnd(stopIds)]
}

/** The first prompt with a sentence that no model writes by itself, so that adapters differ on it. */
function canaryOf(spec: TrainingSpec, text: RunnerText): RunnerSpec['canary'] {
  const first = spec.examples[0]
  const prompt = first === undefined ? [...text.tokenizer.encode(CANARY_TEXT).slice(0, 1)] : render(first, text)
  const completion = [...text.tokenizer.encode(CANARY_TEXT, { plainText: true })].slice(0, CANARY_TOKENS)
  return { ids: [...prompt, ...completion], promptLength: prompt.length }
}
