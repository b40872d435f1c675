/**
 * @file Keys and values of prompts, computed once for all completions of a prompt and a few prompts at a time, and dropped when the last completion
 * has taken its copy. The prompt's last token is left out: decoding begins with it.
 */
import { InternalError } from '../../base/errors.ts'
import type { GenerationPrompt } from '../engine.ts'
import { runPrefill } from './decode-model.ts'
import type { DecodeModel } from './decode-model.ts'
import { nextPrefill } from './generation-plan.ts'
import type { KeyValueBlock, KeyValueCache } from './key-value-cache.ts'

interface ReadyPrompt {
  readonly block: KeyValueBlock
  readonly sourceRow: number
  users: number
}

/** The prefilled prompts of one request. */
export class PromptPrefill {
  readonly #model: DecodeModel
  readonly #prompts: readonly GenerationPrompt[]
  /** Prompts in the order of their first use that are not computed yet. */
  #waiting: readonly number[]
  readonly #ready = new Map<number, ReadyPrompt>()

  constructor(model: DecodeModel, prompts: readonly GenerationPrompt[], order: readonly number[]) {
    this.#model = model
    this.#prompts = prompts
    this.#waiting = order.filter((prompt) => this.#prefixLength(prompt) > 0)
  }

  /** Loads the prompt into `row` of `cache`, computing it first together with the next ones if need be. */
  async loadInto(cache: KeyValueCache, row: number, prompt: number): Promise<void> {
    if (this.#prefixLength(prompt) === 0) {
      cache.lengths[row] = 0
      return
    }
    if (!this.#ready.has(prompt)) await this.#computeNext()
    const ready = this.#ready.get(prompt)
    if (ready === undefined) throw new InternalError(`prompt ${prompt} was asked for out of order`, 'PromptPrefill')
    cache.load(row, { block: ready.block, sourceRow: ready.sourceRow, length: this.#prefixLength(prompt) })
    ready.users--
    if (ready.users === 0) this.#ready.delete(prompt)
  }

  async #computeNext(): Promise<void> {
    const chosen = nextPrefill(this.#waiting, (prompt) => this.#prefixLength(prompt))
    this.#waiting = this.#waiting.slice(chosen.length)
    const tokenCount = Math.max(...chosen.map((prompt) => this.#prefixLength(prompt)))
    const ids = new Int32Array(chosen.length * tokenCount)
    for (const [row, prompt] of chosen.entries()) ids.set(this.#prompt(prompt).ids.subarray(0, -1), row * tokenCount)
    const block = await runPrefill(this.#model, ids, chosen.length)
    for (const [sourceRow, prompt] of chosen.entries())
      this.#ready.set(prompt, { block, sourceRow, users: this.#prompt(prompt).seeds.length })
  }

  #prompt(index: number): GenerationPrompt {
    return this.#prompts[index] as GenerationPrompt
  }

  #prefixLength(prompt: number): number {
    return this.#prompt(prompt).ids.length - 1
  }
}
