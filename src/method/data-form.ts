/**
 * @file The forms of data that methods learn from, and what follows from a form alone: which cases it needs, how many sequences a step learns, what is
 * drawn and what is only scored. Trainers and estimates go by the form and never by a method's name.
 */
import type { OptimizerSpec } from './optimizer.ts'

/** Pairs and thumbs come from people or from graded samples; kept samples and rollouts are drawn while the method trains. */
export type DataFormName = 'demonstrations' | 'pairs' | 'thumbs' | 'kept samples' | 'rollouts'

/** What a case is turned into: the `type` of a training example. */
export type ExampleType = 'demonstration' | 'pair' | 'thumb' | 'prompt'

/** What every method has. */
export interface CommonSettings {
  readonly name: string
  readonly steps: number
  readonly optimizer: OptimizerSpec
  readonly replay?: { readonly share: number } | undefined
}

/** Completions that a training draws in all, and at most at once. */
export interface Drawn {
  readonly prompts: number
  readonly samplesPerPrompt: number
  readonly atOnce: number
}

/** What a form alone says of a method with these settings. */
export interface DataForm<Settings extends CommonSettings = CommonSettings> {
  /** For people: "demonstrations of the cases". */
  readonly text: string
  exampleType(settings: Settings): ExampleType
  /** Whether it learns from completions that the suite's graders have graded. */
  drawsSamples(settings: Settings): boolean
  /** Examples, or completions, of one step. */
  examplesPerStep(settings: Settings): number
  /** Sequences of one example. */
  readonly rowsPerExample: number
  /** Examples that must pass through the model together. */
  readonly leastExamples: number
  /** Prompts of one step where the order of prompts is known before the training; null where what is learned is drawn first. */
  orderedPerStep(settings: Settings): number | null
  drawn(settings: Settings, trainCases: number): Drawn
  /** Rows that only pass forward, in the whole training. @param needsReference whether each learned row is also scored by a reference */
  scoredRows(settings: Settings, needsReference: boolean): number
}

const NOTHING_DRAWN: Drawn = { prompts: 0, samplesPerPrompt: 0, atOnce: 0 }

export interface BatchSettings extends CommonSettings {
  readonly batchSize: number
}

export interface DemonstrationSettings extends BatchSettings {
  /** Which of an eval's demonstrations is shown. */
  readonly demonstration: string
}

export interface PreferenceSettings extends BatchSettings {
  readonly from: 'people' | 'samples'
  readonly samplesPerPrompt: number
}

export interface KeptSampleSettings extends BatchSettings {
  readonly epochs: number
  readonly promptsPerEpoch: number
  readonly samplesPerPrompt: number
  readonly temperature: number
}

export interface RolloutSettings extends CommonSettings {
  readonly promptsPerStep: number
  readonly samplesPerPrompt: number
  readonly temperature: number
  readonly klWeight: number
  readonly updatesPerBatch?: number | undefined
}

const demonstrations: DataForm<DemonstrationSettings> = {
  text: 'demonstrations',
  exampleType: () => 'demonstration',
  drawsSamples: () => false,
  examplesPerStep: ({ batchSize }) => batchSize,
  rowsPerExample: 1,
  leastExamples: 1,
  orderedPerStep: ({ batchSize }) => batchSize,
  drawn: () => NOTHING_DRAWN,
  scoredRows: ({ steps, batchSize }, needsReference) => (needsReference ? steps * batchSize : 0),
}

/** Preference data that is drawn before the first step, until there is enough for every step. @param perPrompt examples that a prompt gives: an assumption */
function drawnBefore({ from, steps, batchSize, samplesPerPrompt }: PreferenceSettings, trainCases: number, perPrompt: number): Drawn {
  if (from === 'people') return NOTHING_DRAWN
  return { prompts: Math.min(trainCases, Math.ceil((steps * batchSize) / perPrompt)), samplesPerPrompt, atOnce: Number.POSITIVE_INFINITY }
}

const isFromSamples = ({ from }: PreferenceSettings): boolean => from === 'samples'
const orderedPreferences = ({ from, batchSize }: PreferenceSettings): number | null => (from === 'people' ? batchSize : null)

const pairs: DataForm<PreferenceSettings> = {
  text: 'pairs of a chosen and a rejected answer',
  exampleType: ({ from }) => (from === 'people' ? 'pair' : 'prompt'),
  drawsSamples: isFromSamples,
  examplesPerStep: ({ batchSize }) => batchSize,
  rowsPerExample: 2,
  leastExamples: 1,
  orderedPerStep: orderedPreferences,
  // Every other prompt gives a pair.
  drawn: (settings, trainCases) => drawnBefore(settings, trainCases, 0.5),
  scoredRows: ({ steps, batchSize }, needsReference) => (needsReference ? 2 * steps * batchSize : 0),
}

const thumbs: DataForm<PreferenceSettings> = {
  text: 'single answers that are liked or not',
  exampleType: ({ from }) => (from === 'people' ? 'thumb' : 'prompt'),
  drawsSamples: isFromSamples,
  examplesPerStep: ({ batchSize }) => batchSize,
  rowsPerExample: 1,
  // They are compared within what passes through the model together.
  leastExamples: 2,
  orderedPerStep: orderedPreferences,
  // Half of a prompt's samples are different answers.
  drawn: (settings, trainCases) => drawnBefore(settings, trainCases, settings.samplesPerPrompt / 2),
  // The reference, and both models on each answer beside its neighbour's prompt.
  scoredRows: ({ steps, batchSize }, needsReference) => (needsReference ? 3 * steps * batchSize : 0),
}

const keptSamples: DataForm<KeptSampleSettings> = {
  text: 'the model’s own passing samples, drawn anew each epoch',
  exampleType: () => 'prompt',
  drawsSamples: () => true,
  examplesPerStep: ({ batchSize }) => batchSize,
  rowsPerExample: 1,
  leastExamples: 1,
  orderedPerStep: () => null,
  drawn: ({ epochs, promptsPerEpoch, samplesPerPrompt }, trainCases) => ({
    prompts: epochs * Math.min(promptsPerEpoch, trainCases),
    samplesPerPrompt,
    atOnce: promptsPerEpoch * samplesPerPrompt,
  }),
  scoredRows: ({ steps, batchSize }, needsReference) => (needsReference ? steps * batchSize : 0),
}

const completionsPerStep = ({ promptsPerStep, samplesPerPrompt }: RolloutSettings): number => promptsPerStep * samplesPerPrompt
const batchesOf = ({ steps, updatesPerBatch = 1 }: RolloutSettings): number => Math.ceil(steps / updatesPerBatch)

const rollouts: DataForm<RolloutSettings> = {
  text: 'groups of completions drawn in every step, by their rewards',
  exampleType: () => 'prompt',
  drawsSamples: () => true,
  examplesPerStep: completionsPerStep,
  rowsPerExample: 1,
  leastExamples: 1,
  orderedPerStep: ({ promptsPerStep }) => promptsPerStep,
  drawn: (settings) => ({
    prompts: batchesOf(settings) * settings.promptsPerStep,
    samplesPerPrompt: settings.samplesPerPrompt,
    atOnce: completionsPerStep(settings),
  }),
  // The reference, and before several updates on one batch the policy that drew it.
  scoredRows: (settings, needsReference) =>
    (Number(needsReference) + Number((settings.updatesPerBatch ?? 1) > 1)) * batchesOf(settings) * completionsPerStep(settings),
}

export const DATA_FORMS = {
  ...{ demonstrations, pairs, thumbs },
  'kept samples': keptSamples,
  rollouts,
} satisfies Readonly<Record<DataFormName, DataForm>>
