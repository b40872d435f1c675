/**
 * @file The training data of an arm's round: the feature's train cases in the forms that the arm's method learns from, and replayed cases of earlier
 * features.
 */
import { seededRandom } from '../base/seeded-random.ts'
import type { Case } from '../eval/case.ts'
import type { Eval } from '../eval/eval.ts'
import { casesOf } from '../eval/load-eval.ts'
import type { ExampleType } from '../method/data-form.ts'
import { demonstrationOf, exampleTypeOf, stagesOf, type MethodSpec, type StageSpec } from '../method/method-spec.ts'
import type { EvalLimits, TrainingExample } from '../trainer/training-spec.ts'

/** The data of a round: the feature's own, and what is replayed. */
export interface TrainingSources {
  readonly feature: Eval
  /** Features that the lineage accepted before. */
  readonly earlier: readonly Eval[]
  readonly method: MethodSpec
  readonly seed: number
}

/** A case in one form of training data. */
type Form = (source: { readonly definition: Eval; readonly row: Case; readonly evalName: string }) => TrainingExample[]

/** Every case in every form that a stage of the method asks for; replayed cases follow the feature's own. */
export function buildExamples(sources: TrainingSources): TrainingExample[] {
  const forms = new Map(stagesOf(sources.method).map((stage) => [formName(stage), formOf(stage)]))
  const write = (definition: Eval, rows: readonly Case[], evalName: string): TrainingExample[] =>
    [...forms.values()].flatMap((form) => rows.flatMap((row) => form({ definition, row, evalName })))
  const own = casesOf(sources.feature, 'train')
  const replayed = sources.earlier.map((definition) => ({ definition, rows: replayedCases(sources, definition, own.length) }))
  return [...write(sources.feature, own, ''), ...replayed.flatMap(({ definition, rows }) => write(definition, rows, definition.name))]
}

/** Which earlier features a method's data comes from too. */
export function replayShare(method: MethodSpec): number {
  return Math.max(0, ...stagesOf(method).map((stage) => stage.replay?.share ?? 0))
}

/** How long completions of replayed evals may be, and when they pass. */
export function replayedLimits(method: MethodSpec, earlier: readonly Eval[]): Readonly<Record<string, EvalLimits>> {
  if (replayShare(method) === 0) return {}
  return Object.fromEntries(earlier.map(({ name, sampling: { maxNewTokens }, passThreshold }) => [name, { maxNewTokens, passThreshold }]))
}

/** An even part of the replayed share, drawn anew for each round. */
function replayedCases({ method, earlier, seed }: TrainingSources, definition: Eval, ownCount: number): Case[] {
  const share = replayShare(method)
  const count = Math.round((share / (1 - share)) * ownCount * (1 / Math.max(1, earlier.length)))
  const rows = seededRandom(seed, 'replay', definition.name).shuffle(casesOf(definition, 'train'))
  return rows.slice(0, count)
}

/** Stages of one form share their data. */
function formName(stage: StageSpec): string {
  return `${exampleTypeOf(stage)} ${demonstrationOf(stage) ?? ''}`
}

function formOf(stage: StageSpec): Form {
  const style = demonstrationOf(stage)
  return style === null ? FORMS[exampleTypeOf(stage)] : demonstrations(style)
}

function demonstrations(style: string): Form {
  return ({ definition, row, evalName }) => {
    const demonstrate = definition.demonstrations[style] ?? definition.demonstrations['in-format']
    return demonstrate === undefined
      ? []
      : [{ type: 'demonstration', ...originOf(definition, row, evalName), completion: demonstrate(row) }]
  }
}

const prompts: Form = ({ definition, row, evalName }) => [{ type: 'prompt', ...originOf(definition, row, evalName) }]

/** A pair needs both answers; cases without them give none. */
const pairs: Form = ({ definition, row, evalName }) =>
  row.chosen === undefined || row.rejected === undefined
    ? []
    : [{ type: 'pair', ...originOf(definition, row, evalName), chosen: row.chosen, rejected: row.rejected }]

/** `thumb` is about the answer that was given: `chosen` for up, `rejected` for down. A pair without a thumb gives one of each. */
const thumbs: Form = ({ definition, row, evalName }) => {
  const origin = originOf(definition, row, evalName)
  const up: TrainingExample[] = row.chosen === undefined ? [] : [{ type: 'thumb', ...origin, completion: row.chosen, thumb: 'up' }]
  const down: TrainingExample[] = row.rejected === undefined ? [] : [{ type: 'thumb', ...origin, completion: row.rejected, thumb: 'down' }]
  if (row.thumb === undefined) return [...up, ...down]
  return row.thumb === 'up' ? up : down
}

const FORMS: Readonly<Record<ExampleType, Form>> = {
  demonstration: demonstrations('in-format'),
  pair: pairs,
  thumb: thumbs,
  prompt: prompts,
}

function originOf(definition: Eval, row: Case, evalName: string): Pick<TrainingExample, 'caseId' | 'eval' | 'messages' | 'tools'> {
  const tools = definition.tools.length === 0 ? {} : { tools: [...definition.tools] }
  return { caseId: row.id, eval: evalName, messages: [...(definition.messages.get(row.id) ?? [])], ...tools }
}
