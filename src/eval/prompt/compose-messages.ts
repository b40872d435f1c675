/**
 * @file Puts together what a model is asked: the eval's system prompt, its worked examples, the rendered prompt, and the conversation of the case so far.
 */
import { sha256 } from '../../base/hash.ts'
import { quoteUntrusted } from '../../base/untrusted-text.ts'
import type { Case } from '../case.ts'
import type { Message } from '../completion.ts'
import { PromptInvalidError } from '../errors.ts'
import type { Demonstration, PromptSource } from '../eval.ts'
import { fillTemplate, whereOfCase, renderPrompt, renderTemplate } from './render-prompt.ts'

/** What an eval says of its prompts. */
export interface PromptRules {
  readonly origin: string
  /** Undefined: the case's turns, or its input as it is. */
  readonly prompt: PromptSource | undefined
  readonly system: string | undefined
}

/** A worked example: the case that it was made of, and its turns. */
export interface WorkedExample {
  readonly id: string | null
  readonly turns: readonly Message[]
}

/** What a case alone asks, without the eval's system prompt and examples. @throws PromptFieldError, PromptInvalidError, PromptThrewError */
export async function askedMessages(rules: PromptRules, row: Case): Promise<readonly Message[]> {
  return typeof rules.prompt === 'function'
    ? withTurns(await renderPrompt(rules.prompt, row, rules.origin), row)
    : askedByTemplate(rules.prompt, row, rules.origin)
}

/** Like `askedMessages` for a prompt that is no function. @throws PromptFieldError */
export function askedByTemplate(prompt: Exclude<PromptSource, Function> | undefined, row: Case, origin: string): readonly Message[] {
  if (prompt === undefined) return row.turns ?? renderTemplate('{{input}}', row, origin)
  return withTurns(renderTemplate(prompt, row, origin), row)
}

function withTurns(messages: readonly Message[], row: Case): readonly Message[] {
  return row.turns === undefined ? messages : [...messages, ...row.turns]
}

/** Everything that a model is asked for a case. @throws PromptInvalidError when there are two system prompts, PromptFieldError */
export function composeMessages(
  { system, origin }: PromptRules,
  { row, asked }: { readonly row: Case; readonly asked: readonly Message[] },
  examples: readonly WorkedExample[],
): readonly Message[] {
  if (system === undefined && examples.length === 0) return asked
  const own = asked.findIndex(({ role }) => role !== 'system')
  const [before, after] = own === -1 ? [asked, []] : [asked.slice(0, own), asked.slice(own)]
  if (system !== undefined && asked.some(({ role }) => role === 'system')) {
    throw new PromptInvalidError({
      where: whereOfCase(row, origin),
      problems: ['the eval has a system prompt, and the prompt or the turns of the case have another'],
    })
  }
  const first: readonly Message[] =
    system === undefined ? before : [{ role: 'system', content: fillTemplate(system, row.input, () => whereOfCase(row, origin)) }]
  return [...first, ...examples.flatMap(({ turns }) => turns), ...after]
}

/** The turns of a worked example: what is asked without system prompts, then the answer. */
export function exampleTurns(asked: readonly Message[], answer: string): readonly Message[] {
  return [...asked.filter(({ role }) => role !== 'system'), { role: 'assistant', content: answer }]
}

/** Written examples, asked through the eval's prompt like cases. */
export async function writtenExamples(
  rules: PromptRules,
  examples: readonly { readonly input: string; readonly output: string }[],
): Promise<readonly WorkedExample[]> {
  const made: WorkedExample[] = []
  for (const [index, { input, output }] of examples.entries()) {
    const row: Case = { id: `few-shot ${index + 1}`, input, expected: output, role: 'train', tags: [] }
    made.push({ id: null, turns: exampleTurns(await askedMessages(rules, row), output) })
  }
  return made
}

/** The training cases that become examples: those whose ids come first by hash. Two more than are shown: no case is shown itself or its original. */
export function pickExamples(ids: Iterable<readonly [index: number, id: string]>, count: number): number[] {
  const wanted = count + 2
  let best: { readonly key: string; readonly index: number }[] = []
  for (const [index, id] of ids) {
    best.push({ key: sha256(`few-shot ${id}`), index })
    if (best.length > 4 * wanted) best = first(best, wanted)
  }
  return first(best, wanted).map((one) => one.index)
}

function first<T extends { readonly key: string }>(items: readonly T[], count: number): T[] {
  return items.toSorted((a, b) => (a.key < b.key ? -1 : 1)).slice(0, count)
}

/** An example made of a training case. */
export async function exampleOf(rules: PromptRules, row: Case, demonstrate: Demonstration): Promise<WorkedExample> {
  return { id: row.id, turns: exampleTurns(await askedMessages(rules, row), demonstrate(row)) }
}

/** The examples that a case is shown: never itself, nor the case that it is a twin of. */
export function examplesFor(row: Case, examples: readonly WorkedExample[], count: number): readonly WorkedExample[] {
  return examples.filter(({ id }) => id === null || (id !== row.id && id !== row.twinOf)).slice(0, count)
}

/** The name of an example in messages. */
export function nameOfExample({ id }: WorkedExample, index: number): string {
  return id === null ? `few-shot example ${index + 1}` : `few-shot example ${quoteUntrusted(id)}`
}
