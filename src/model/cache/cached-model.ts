/**
 * @file A model that remembers: what it was asked before under the same conditions it answers from disk. Failed completions are never kept.
 *
 * On the embedded engine a completion depends on the make-up of the call it was drawn in, so there a whole call is one unit: all of it comes from the
 * cache, or all of it from the engine. A server's completions stand for themselves: each is on disk when it arrives, and is taken back when the server
 * then shows other weights than those that the cache is for.
 */
import { canonicalJson } from '../../base/json.ts'
import { hashJson, sha256 } from '../../base/hash.ts'
import type { Completion, Sampling } from '../../eval/completion.ts'
import type { ArrivedCompletion, GenerateProgress, Model, ModelPrompt } from '../model.ts'
import { KEY_LENGTH } from './cache-entry.ts'
import { openCompletionStore } from './completion-store.ts'
import type { CompletionStore } from './completion-store.ts'
import { WeightsTrust } from './weights-trust.ts'
import type { AskWeights } from './weights-trust.ts'

export interface CachedModelParts {
  readonly model: Model
  /** What a hit depends on besides prompt, sampling, seed and repeat: everything that identifies the weights and what computes with them. */
  readonly conditions: unknown
  /** Whether a completion depends on the other prompts of its call. */
  readonly unit: 'call' | 'completion'
  /** Whether the weights are still those of the conditions; left out where they cannot change. */
  readonly isUnchanged?: AskWeights | undefined
  /** Folder of all caches. Default: the user's cache directory. */
  readonly root?: string | undefined
}

/** Of keys and of what they stand for: what an older version kept is never taken for an answer. */
const CACHE_VERSION = 2

/** The model with its cache on disk. `uncached` of the result is the model itself. */
export function createCachedModel(parts: CachedModelParts): Model {
  const { model } = parts
  const store = openCompletionStore(hashJson([CACHE_VERSION, parts.conditions]), parts.root)
  const trust = new WeightsTrust(parts.isUnchanged, store)
  return {
    ...model,
    uncached: model,
    async generate(prompts: readonly ModelPrompt[], sampling: Sampling, onProgress?: (progress: GenerateProgress) => void) {
      const keys = KEYS[parts.unit](
        prompts.map((prompt) => questionOf(model, prompt)),
        { prompts, sampling },
      )
      if (!(await trust.holds())) return await model.generate(prompts, sampling, onProgress)
      const known = keys.map((group) => group.map((key) => store.get(key)))
      if (parts.unit === 'call' && known.flat().includes(null)) known.forEach((group) => group.fill(null))
      const missing = missingPrompts(prompts, known)
      if (missing.length === 0) return allKnown(known as Completion[][], onProgress)
      const keepArrived = (arrived: readonly ArrivedCompletion[]): void => {
        if (parts.unit === 'call') return
        store.put(
          keepable(
            arrived.map(({ prompt, seedIndex, completion }) => [keys[prompt]?.[seedIndex] as string, completion] as const),
            parts.unit,
          ),
        )
        trust.noteKept()
      }
      const drawn = await model.generate(
        missing.map(({ prompt }) => prompt),
        sampling,
        progressBeside({ known, missing }, keepArrived, onProgress),
      )
      for (const [i, { index, seedIndices }] of missing.entries())
        for (const [j, seedIndex] of seedIndices.entries()) (known[index] as (Completion | null)[])[seedIndex] = drawn[i]?.[j] as Completion
      await keep(store, trust, { keys, known: known as Completion[][], unit: parts.unit })
      return known as Completion[][]
    },
    close: async () => {
      store.close()
      await model.close()
    },
  }
}

interface Found {
  readonly keys: readonly (readonly string[])[]
  readonly known: readonly (readonly Completion[])[]
  readonly unit: CachedModelParts['unit']
}

type Entry = readonly [key: string, completion: Completion]

function keepable(entries: readonly Entry[], unit: CachedModelParts['unit']): readonly Entry[] {
  return entries.filter(([, completion]) => isKept(completion, unit))
}

/** A prompt that is too long for the embedded engine always will be; a server may be started with more room. */
function isKept({ finishReason, whyFailed }: Completion, unit: CachedModelParts['unit']): boolean {
  if (unit === 'call' && whyFailed?.code === 'PROMPT_TOO_LONG') return true
  return finishReason !== 'error' && finishReason !== 'content-filter'
}

/** A call with a failure in it is not kept where the call is the unit. */
async function keep(store: CompletionStore, trust: WeightsTrust, { keys, known, unit }: Found): Promise<void> {
  const entries = keys.flatMap((group, i) => group.map((key, j) => [key, known[i]?.[j] as Completion] as const))
  const good = keepable(entries, unit)
  if (good.length === 0 || (unit === 'call' && good.length < entries.length)) return
  store.put(good)
  await trust.renew()
}

interface MissingPrompt {
  readonly index: number
  readonly prompt: ModelPrompt
  readonly seedIndices: readonly number[]
}

function missingPrompts(prompts: readonly ModelPrompt[], known: readonly (readonly (Completion | null)[])[]): readonly MissingPrompt[] {
  const isWhole = known.every((group) => group.every((one) => one === null))
  return prompts.flatMap((prompt, index) => {
    const seedIndices = [...(known[index] as readonly (Completion | null)[]).entries()].flatMap(([at, one]) => (one === null ? [at] : []))
    // Nothing known: the call as it came, prompts without seeds included, because its make-up may decide.
    if (isWhole) return known.flat().length === 0 ? [] : [{ index, prompt, seedIndices }]
    return seedIndices.length === 0
      ? []
      : [{ index, prompt: { ...prompt, seeds: seedIndices.map((at) => prompt.seeds[at] as number) }, seedIndices }]
  })
}

function allKnown(known: Completion[][], onProgress: ((progress: GenerateProgress) => void) | undefined): Completion[][] {
  const total = known.flat().length
  if (total > 0) onProgress?.({ done: total, total, tokens: known.flat().reduce((sum, one) => sum + tokenCount(one), 0) })
  return known
}

function tokenCount({ tokenIds, usage }: Completion): number {
  return tokenIds.length > 0 ? tokenIds.length : (usage?.completionTokens ?? 0)
}

/** Counts what is known beside what is drawn; what arrived is kept before anybody is told. */
function progressBeside(
  { known, missing }: { readonly known: readonly (readonly (Completion | null)[])[]; readonly missing: readonly MissingPrompt[] },
  keepArrived: (arrived: readonly ArrivedCompletion[]) => void,
  onProgress: ((progress: GenerateProgress) => void) | undefined,
) {
  const here = known.flat().filter((one) => one !== null)
  const [count, tokens] = [here.length, here.reduce((sum, one) => sum + tokenCount(one), 0)]
  const total = known.flat().length
  return (now: GenerateProgress): void => {
    const arrived = now.arrived?.map((one) => inWholeCall(one, missing))
    if (arrived !== undefined) keepArrived(arrived)
    onProgress?.({ done: count + now.done, total, tokens: tokens + now.tokens, arrived })
  }
}

function inWholeCall({ prompt, seedIndex, completion }: ArrivedCompletion, missing: readonly MissingPrompt[]): ArrivedCompletion {
  const asked = missing[prompt] as MissingPrompt
  return { prompt: asked.index, seedIndex: asked.seedIndices[seedIndex] as number, completion }
}

/** What the model really receives, and what it was made of. */
function questionOf(model: Model, { messages, tools, jsonSchema }: ModelPrompt): string {
  return canonicalJson([model.renderedHash(messages, tools), messages, tools ?? null, jsonSchema ?? null])
}

interface AskedCall {
  readonly prompts: readonly ModelPrompt[]
  readonly sampling: Sampling
}

function completionKeys(questions: readonly string[], { prompts, sampling }: AskedCall): string[][] {
  const drawn = canonicalJson(sampling)
  return prompts.map((prompt, index) => {
    const question = questions[index] as string
    return prompt.seeds.map((seed, repeat) => sha256(`${drawn}\n${seed}\n${repeat}\n${question}`).slice(0, KEY_LENGTH))
  })
}

function callKeys(questions: readonly string[], { prompts, sampling }: AskedCall): string[][] {
  const call = sha256(
    `${canonicalJson(sampling)}\n${prompts.map((prompt, index) => `${prompt.seeds.join(',')} ${questions[index]}`).join('\n')}`,
  )
  return prompts.map((prompt, index) => prompt.seeds.map((_, repeat) => sha256(`${call}\n${index}\n${repeat}`).slice(0, KEY_LENGTH)))
}

const KEYS = { call: callKeys, completion: completionKeys } as const
