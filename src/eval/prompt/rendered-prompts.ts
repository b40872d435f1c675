/**
 * @file The prompts of an eval's cases: rendered when they are asked for where a template can say them again, and kept where a function was called.
 */
import type { Case } from '../case.ts'
import type { CaseTable } from '../cases/case-table.ts'
import { PLAIN_CASES } from '../cases/case-table.ts'
import {
  askedByTemplate,
  askedMessages,
  composeMessages,
  exampleOf,
  examplesFor,
  pickExamples,
  writtenExamples,
} from './compose-messages.ts'
import type { PromptRules, WorkedExample } from './compose-messages.ts'
import type { Message } from '../completion.ts'
import { inFormatDemonstration } from '../demonstration.ts'
import { EvalInvalidError } from '../errors.ts'
import type { EvalOptions, MessageSource } from '../eval.ts'
import { PackedText } from '../cases/packed-text.ts'

/** Called for each case of a table with what it asks alone; `askedAt` says it of earlier cases. */
export type VisitAsked = (index: number, asked: readonly Message[], askedAt: (index: number) => readonly Message[]) => void

/** What is asked for each case of a table. */
export interface RenderedPrompts extends MessageSource {
  asked(caseId: string): readonly Message[] | undefined
  /** What the case with this number asks alone. */
  askedAt(index: number): readonly Message[]
  readonly examples: readonly WorkedExample[]
}

/**
 * Renders the prompt of every case once, so that none can fail later; `visit` sees what each asks.
 * @throws PromptFieldError, PromptInvalidError, PromptThrewError, and EvalInvalidError for too few training cases to show
 */
export async function renderPrompts(
  { table, options, origin }: { readonly table: CaseTable; readonly options: EvalOptions; readonly origin: string },
  visit: VisitAsked,
): Promise<RenderedPrompts> {
  const rules: PromptRules = { origin, prompt: options.prompt, system: options.system }
  const examples = await examplesOf(table, rules, options)
  const count = exampleCount(options)
  const compose = (row: Case, asked: readonly Message[]): readonly Message[] =>
    composeMessages(rules, { row, asked }, examplesFor(row, examples, count))
  const askedAt = await renderAll(table, rules, (index, asked, askedAt) => {
    compose(table.at(index), asked)
    visit(index, asked, askedAt)
  })
  // Few enough to keep: the same messages are asked for again and again while an arm trains.
  const kept = table.length <= PLAIN_CASES ? new Map<number, readonly Message[]>() : null
  const messagesAt = (index: number): readonly Message[] => {
    const known = kept?.get(index)
    if (known !== undefined) return known
    const made = compose(table.at(index), askedAt(index))
    kept?.set(index, made)
    return made
  }
  const byId = (read: (index: number) => readonly Message[]) => (caseId: string) => {
    const index = table.indexOf(caseId)
    return index === undefined ? undefined : read(index)
  }
  return { get: byId(messagesAt), asked: byId(askedAt), askedAt, examples }
}

/** Every prompt rendered once; gives what reads them again. */
async function renderAll(table: CaseTable, rules: PromptRules, visit: VisitAsked): Promise<(index: number) => readonly Message[]> {
  const { prompt, origin } = rules
  if (typeof prompt !== 'function') {
    const askedAt = (index: number): readonly Message[] => askedByTemplate(prompt, table.at(index), origin)
    for (let index = 0; index < table.length; index++) visit(index, askedAt(index), askedAt)
    return askedAt
  }
  const kept = new PackedText()
  const askedAt = (index: number): readonly Message[] => JSON.parse(kept.at(index)) as readonly Message[]
  for (let index = 0; index < table.length; index++) {
    const asked = await askedMessages(rules, table.at(index))
    visit(index, asked, askedAt)
    kept.append(JSON.stringify(asked))
  }
  return askedAt
}

function exampleCount({ fewShot }: EvalOptions): number {
  if (fewShot === undefined) return 0
  return 'from' in fewShot ? fewShot.count : fewShot.length
}

async function examplesOf(table: CaseTable, rules: PromptRules, options: EvalOptions): Promise<readonly WorkedExample[]> {
  const { fewShot } = options
  if (fewShot === undefined) return []
  if (!('from' in fewShot)) return writtenExamples(rules, fewShot)
  const demonstrate = options.demonstrations?.['in-format'] ?? inFormatDemonstration
  const chosen = pickExamples(trainingIds(table), fewShot.count)
  if (chosen.length < fewShot.count) {
    throw new EvalInvalidError({
      origin: rules.origin,
      problems: [`fewShot shows ${fewShot.count} training cases, but there are ${chosen.length}`],
    })
  }
  const examples: WorkedExample[] = []
  for (const index of chosen) examples.push(await exampleOf(rules, table.at(index), demonstrate))
  return examples
}

function* trainingIds(table: CaseTable): Generator<readonly [number, string]> {
  for (let index = 0; index < table.length; index++) {
    if (table.roleAt(index) === 'train') yield [index, table.at(index).id]
  }
}
