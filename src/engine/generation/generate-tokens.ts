/**
 * @file Generation: completions for all prompts of a request, decoded in one batch whose finished rows are refilled from the queue. Every choice
 * is a function of the request, so the same request gives the same bits. It knows nothing of text or of where weights come from.
 */
import type { SeededRandom } from '../../base/seeded-random.ts'
import type { EngineProgress, GenerateRequest, GeneratedTokens, GenerationPrompt, TokenSampling } from '../engine.ts'
import { runDecode } from './decode-model.ts'
import type { DecodeChoice, DecodeModel } from './decode-model.ts'
import { planGeneration } from './generation-plan.ts'
import type { GenerationPlan, PlannedRow } from './generation-plan.ts'
import { KeyValueCache } from './key-value-cache.ts'
import { PromptPrefill } from './prompt-prefill.ts'
import { candidateCount, chooseCandidate, nextUniform, rowStream } from './token-choice.ts'

/** A completion on its way. */
interface OpenRow {
  readonly planned: PlannedRow
  readonly stream: SeededRandom
  readonly ids: number[]
  readonly logProbs: number[]
  /** The token to feed next. */
  lastId: number
}

/**
 * Completions by prompt and seed, in the order of the request.
 * @throws EngineRequestError, SequenceTooLongError
 */
export async function generateTokens(
  model: DecodeModel,
  request: GenerateRequest,
  onProgress?: (progress: EngineProgress) => void,
): Promise<readonly (readonly GeneratedTokens[])[]> {
  const plan = planGeneration(request, model.config)
  const generation = new Generation(model, request, plan)
  const report = throttle(onProgress)
  await generation.fill()
  while (generation.openCount > 0) {
    await generation.step()
    await generation.fill()
    report(generation.progress())
  }
  return generation.results
}

class Generation {
  readonly results: GeneratedTokens[][]
  readonly #model: DecodeModel
  readonly #request: GenerateRequest
  readonly #cache: KeyValueCache
  readonly #prefill: PromptPrefill
  readonly #queue: readonly PlannedRow[]
  #nextRow = 0
  #slots: (OpenRow | undefined)[]
  #doneCount = 0
  #tokenCount = 0

  constructor(model: DecodeModel, request: GenerateRequest, plan: GenerationPlan) {
    const { layerCount, kvHeadCount: headCount, headDim: headSize } = model.config
    this.#model = model
    this.#request = request
    this.#queue = plan.rows
    this.#cache = new KeyValueCache({ layerCount, headCount, headSize }, Math.min(plan.batchSize, plan.rows.length), plan.longest)
    this.#slots = Array.from({ length: this.#cache.rowCount }, () => undefined)
    this.#prefill = new PromptPrefill(model, request.prompts, [...new Set(plan.rows.map((row) => row.prompt))])
    this.results = request.prompts.map(() => [])
  }

  get openCount(): number {
    return this.#slots.reduce((count, row) => count + (row === undefined ? 0 : 1), 0)
  }

  progress(): EngineProgress {
    return { done: this.#doneCount, total: this.#queue.length, tokens: this.#tokenCount }
  }

  /** Gives free slots to waiting rows; when none wait and half of the batch is idle, the batch shrinks. */
  async fill(): Promise<void> {
    for (const [slot, held] of this.#slots.entries()) {
      const planned = this.#queue[this.#nextRow]
      if (held !== undefined || planned === undefined) continue
      this.#nextRow++
      await this.#prefill.loadInto(this.#cache, slot, planned.prompt)
      const prompt = this.#request.prompts[planned.prompt] as GenerationPrompt
      this.#slots[slot] = { planned, stream: rowStream(planned.seed), ids: [], logProbs: [], lastId: prompt.ids.at(-1) as number }
    }
    const open = this.#openSlots()
    if (open.length > 0 && open.length * 2 <= this.#slots.length) {
      this.#cache.keepRows(open)
      this.#slots = open.map((slot) => this.#slots[slot])
    }
  }

  /** Adds one token to every open row. */
  async step(): Promise<void> {
    const { sampling } = this.#request
    const open = this.#openSlots()
    this.#cache.reserve(Math.max(...open.map((slot) => this.#cache.lengths[slot] as number)) + 1)
    const uniform = new Float32Array(this.#slots.length)
    const ids = new Int32Array(this.#slots.length)
    for (const slot of open) {
      const row = this.#slots[slot] as OpenRow
      ids[slot] = row.lastId
      if (sampling.temperature > 0) uniform[slot] = nextUniform(row.stream)
    }
    const candidates = candidateCount(sampling, this.#model.config.vocabSize)
    const inverseTemperature = sampling.temperature === 0 ? 1 : 1 / sampling.temperature
    const input = { ids, tokenCount: 1, inverseTemperature, uniform: candidates === 0 ? uniform : null, candidateCount: candidates }
    const { block, choice } = await runDecode(this.#model, this.#cache, input)
    this.#cache.append(open, block)
    for (const slot of open) this.#accept(slot, chooseToken({ slot, candidates, uniform: uniform[slot] as number, sampling }, choice))
  }

  #accept(slot: number, { id, logProb }: { readonly id: number; readonly logProb: number }): void {
    const row = this.#slots[slot] as OpenRow
    row.ids.push(id)
    row.logProbs.push(logProb)
    row.lastId = id
    this.#tokenCount++
    const stopped = this.#model.stopIds.includes(id)
    if (!stopped && row.ids.length < this.#request.sampling.maxNewTokens) return
    const tokens: GeneratedTokens = {
      ids: Int32Array.from(row.ids),
      logProbs: Float32Array.from(row.logProbs),
      finish: stopped ? 'stop' : 'length',
    }
    const results = this.results[row.planned.prompt] as GeneratedTokens[]
    results[row.planned.sample] = tokens
    this.#slots[slot] = undefined
    this.#cache.lengths[slot] = 0
    this.#doneCount++
  }

  #openSlots(): number[] {
    return this.#slots.flatMap((row, slot) => (row === undefined ? [] : [slot]))
  }
}

interface RowChoice {
  readonly slot: number
  readonly candidates: number
  readonly uniform: number
  readonly sampling: TokenSampling
}

function chooseToken({ slot, candidates, uniform, sampling }: RowChoice, choice: DecodeChoice): { id: number; logProb: number } {
  if (candidates === 0) {
    return { id: choice.sampledIds[slot] as number, logProb: choice.sampledLogProbs[slot] as number }
  }
  const first = slot * candidates
  const index = candidates === 1 ? 0 : chooseCandidate(choice.candidateLogProbs.subarray(first, first + candidates), sampling, uniform)
  return { id: Number(choice.candidateIds[first + index]), logProb: choice.candidateLogProbs[first + index] as number }
}

/** At most four reports a second. */
function throttle(onProgress: ((progress: EngineProgress) => void) | undefined): (progress: EngineProgress) => void {
  let last = 0
  return (progress) => {
    const now = performance.now()
    if (onProgress === undefined || (now - last < 250 && progress.done < progress.total)) return
    last = now
    onProgress(progress)
  }
}
