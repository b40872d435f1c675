/**
 * @file Asks the model for the completions of chunk after chunk, in order. A model elsewhere is asked for the next chunks while the tail of this one is
 * still out, so that it never waits for the slowest answer of a chunk.
 */
import { InternalError } from '../base/errors.ts'
import type { Completion } from '../eval/completion.ts'
import { prepareCase, toolsOf } from './grade-record-of.ts'
import type { GradingSetup, PreparedCase } from './grade-record-of.ts'
import type { GradingProgress } from './grading-progress.ts'

/** Chunks asked ahead of a model that says it is elsewhere: its tail, and all the requests that a server takes at once, fit in them. */
const CHUNKS_AHEAD = 2

/** Cases with their completions, one list for each case. */
export interface AnsweredChunk {
  /** Place of its first case. */
  readonly start: number
  readonly prepared: readonly PreparedCase[]
  readonly completions: readonly (readonly Completion[])[]
}

/** The chunks from the case at `start` on. What the model throws ends them; the chunks before it have been given. */
export async function* answerChunks(setup: GradingSetup, start: number, progress: GradingProgress): AsyncGenerator<AnsweredChunk> {
  const atOnce = 1 + (setup.model.remote === true ? CHUNKS_AHEAD : 0)
  const asked: Promise<AnsweredChunk>[] = []
  let next = start
  for (;;) {
    while (asked.length < atOnce && next < setup.cases.length) {
      const chunk = answerChunk(setup, next, progress)
      // Where an earlier chunk fails nobody waits for this one any more.
      chunk.catch(() => undefined)
      asked.push(chunk)
      next += setup.chunkSize
    }
    const first = asked.shift()
    if (first === undefined) return
    yield await first
  }
}

async function answerChunk(setup: GradingSetup, start: number, progress: GradingProgress): Promise<AnsweredChunk> {
  const prepared: PreparedCase[] = []
  const end = Math.min(start + setup.chunkSize, setup.cases.length)
  for (let place = start; place < end; place++) prepared.push(prepareCase(setup, place))
  const tools = toolsOf(setup.eval)
  const prompts = prepared.map(({ messages, seeds }) => (tools === undefined ? { messages, seeds } : { messages, seeds, tools }))
  const completions = await setup.model.generate(prompts, setup.sampling, (now) => progress.report(start, now))
  for (const index of prepared.keys()) {
    const { length } = completions[index] ?? []
    if (length !== setup.repeats) throw new InternalError(`A model gave ${length} completions for ${setup.repeats} seeds`, 'gradeCases')
  }
  return { start, prepared, completions }
}
