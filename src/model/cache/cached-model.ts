/**
 * @file A model that remembers: what it was asked before under the same conditions it answers from disk. Failed completions are never kept.
 *
 * On the embedded engine a completion depends on the make-up of the call it was drawn in, so there a whole call is one unit: all of it comes from the
 * cache, or all of it from the engine. A server's completions stand for themselves, and are kept only after the server showed that its weights are
 * still those that the cache is for.
 */
import { canonicalJson } from '../../base/json.ts'
import { hashJson, sha256 } from '../../base/hash.ts'
import type { Completion, Sampling } from '../../eval/completion.ts'
import type { GenerateProgress, Model, ModelPrompt } from '../model.ts'
import { KEY_LENGTH } from './cache-entry.ts'
import { openCompletionStore } from './completion-store.ts'
import type { CompletionStore } from './completion-store.ts'

export interface CachedModelParts {
  readonly model: Model
  /** What a hit depends on besides prompt, sampling, seed and repeat: everything that identifies the weights and what computes with them. */
  readonly conditions: unknown
  /** Whether a completion depends on the other prompts of its call. */
  readonly unit: 'call' | 'completion'
  /** Whether the weights are still those of the conditions; left out where they cannot change. */
  readonly isUnchanged?: (() => Promise<boolean>) | undefined
  /** Folder of all caches. Default: the user's cache directory. */
  readonly root?: string | undefined
}

/** How long a server is believed to have the weights it last showed. */
const BELIEVED_MS = 30_000

/** The model with its cache on disk. `uncached` of the result is the model itself. */
export function createCachedModel(parts: CachedModelParts): Model {
  const { model } = parts
  const store = openCompletionStore(hashJson(parts.conditions), parts.root)
  const trust = new Trust(parts.isUnchanged)
  return {
    ...model,
    uncached: model,
    async generate(prompts: readonly ModelPrompt[], sampling: Sampling, onProgress?: (progress: GenerateProgress) => void) {
      const keys = parts.unit === 'call' ? callKeys(prompts, sampling) : completionKeys(prompts, sampling)
      if (!(await trust.holds())) return await model.generate(prompts, sampling, onProgress)
      const known = keys.map((group) => group.map((key) => store.get(key)))
      if (parts.unit === 'call' && known.flat().includes(null)) known.forEach((group) => group.fill(null))
      const missing = missingPrompts(prompts, known)
      if (missing.length === 0) return allKnown(known as Completion[][], onProgress)
      const drawn = await model.generate(
        missing.map(({ prompt }) => prompt),
        sampling,
        progressBeside(known, onProgress),
      )
      for (const [i, { index, places }] of missing.entries())
        for (const [j, place] of places.entries()) (known[index] as (Completion | null)[])[place] = drawn[i]?.[j] as Completion
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

/** A call with a failure in it is not kept where the call is the unit. */
async function keep(store: CompletionStore, trust: Trust, { keys, known, unit }: Found): Promise<void> {
  const entries = keys.flatMap((group, i) => group.map((key, j) => [key, known[i]?.[j] as Completion] as const))
  const good = entries.filter(([, { finishReason }]) => finishReason !== 'error' && finishReason !== 'content-filter')
  if (good.length === 0 || (unit === 'call' && good.length < entries.length)) return
  if (await trust.renew()) store.put(good)
}

interface MissingPrompt {
  readonly index: number
  readonly prompt: ModelPrompt
  readonly places: readonly number[]
}

function missingPrompts(prompts: readonly ModelPrompt[], known: readonly (readonly (Completion | null)[])[]): readonly MissingPrompt[] {
  const isWhole = known.every((group) => group.every((one) => one === null))
  return prompts.flatMap((prompt, index) => {
    const places = [...(known[index] as readonly (Completion | null)[]).entries()].flatMap(([place, one]) => (one === null ? [place] : []))
    // Nothing known: the call as it came, prompts without seeds included, because its make-up may decide.
    if (isWhole) return known.flat().length === 0 ? [] : [{ index, prompt, places }]
    return places.length === 0
      ? []
      : [{ index, prompt: { ...prompt, seeds: places.map((place) => prompt.seeds[place] as number) }, places }]
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

function progressBeside(
  known: readonly (readonly (Completion | null)[])[],
  onProgress: ((progress: GenerateProgress) => void) | undefined,
) {
  if (onProgress === undefined) return undefined
  const here = known.flat().filter((one) => one !== null)
  const [count, tokens] = [here.length, here.reduce((sum, one) => sum + tokenCount(one), 0)]
  const total = known.flat().length
  return (now: GenerateProgress): void => onProgress({ done: count + now.done, total, tokens: tokens + now.tokens })
}

function questionOf({ messages, tools, jsonSchema }: ModelPrompt): string {
  return canonicalJson([messages, tools ?? null, jsonSchema ?? null])
}

function completionKeys(prompts: readonly ModelPrompt[], sampling: Sampling): string[][] {
  const drawn = canonicalJson(sampling)
  return prompts.map((prompt) => {
    const question = questionOf(prompt)
    return prompt.seeds.map((seed, repeat) => sha256(`${drawn}\n${seed}\n${repeat}\n${question}`).slice(0, KEY_LENGTH))
  })
}

function callKeys(prompts: readonly ModelPrompt[], sampling: Sampling): string[][] {
  const call = sha256(
    `${canonicalJson(sampling)}\n${prompts.map((prompt) => `${prompt.seeds.join(',')} ${questionOf(prompt)}`).join('\n')}`,
  )
  return prompts.map((prompt, index) => prompt.seeds.map((_, repeat) => sha256(`${call}\n${index}\n${repeat}`).slice(0, KEY_LENGTH)))
}

/** Whether the weights are still those that the cache is for; once they are not, they never are again. */
class Trust {
  readonly #ask: (() => Promise<boolean>) | undefined
  #askedMs = performance.now()
  #isLost = false

  constructor(ask: (() => Promise<boolean>) | undefined) {
    this.#ask = ask
  }

  /** By what was seen lately. */
  async holds(): Promise<boolean> {
    return performance.now() - this.#askedMs < BELIEVED_MS ? !this.#isLost : await this.renew()
  }

  /** By asking now. */
  async renew(): Promise<boolean> {
    if (this.#isLost || this.#ask === undefined) return !this.#isLost
    this.#isLost = !(await this.#ask().catch(() => false))
    this.#askedMs = performance.now()
    return !this.#isLost
  }
}
