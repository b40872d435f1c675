/**
 * @file Asks the model for the completions of chunk after chunk, in order. A model elsewhere is asked for the next chunks while the tail of this one is
 * still out, so that it never waits for the slowest answer of a chunk.
 */
import { InternalError } from '../base/errors.ts'
import { redactJson, secretRedactor } from '../base/secrets.ts'
import type { Completion } from '../eval/completion.ts'
import type { GenerateProgress } from '../model/model.ts'
import { FailureTeller } from './failure-teller.ts'
import type { OnFailure } from './failure-teller.ts'
import { prepareCase, toolsOf } from './grade-record-of.ts'
import type { GradingSetup, PreparedCase } from './grade-record-of.ts'
import type { GradingProgress } from './grading-progress.ts'

/** Chunks asked ahead of a model that says it is elsewhere: its tail, and all the requests that a server takes at once, fit in them. */
const CHUNKS_AHEAD = 2

/** Cases with their completions, one list for each case. */
export interface AnsweredChunk {
  /** Index of its first case. */
  readonly start: number
  readonly prepared: readonly PreparedCase[]
  readonly completions: readonly (readonly Completion[])[]
}

/** What watches the answers come, and what ends the asking. */
export interface AnswerWatch {
  readonly progress: GradingProgress
  readonly onFailure?: OnFailure | undefined
  readonly signal?: AbortSignal | undefined
}

/**
 * The chunks from the case at `start` on. What the model throws ends them, and so does the signal, with its reason: the chunks before it have been
 * given, nothing more is asked, and what was under way has ended.
 */
export async function* answerChunks(setup: GradingSetup, start: number, watch: AnswerWatch): AsyncGenerator<AnsweredChunk> {
  const ending = new AbortController()
  const signal = watch.signal === undefined ? ending.signal : AbortSignal.any([ending.signal, watch.signal])
  const atOnce = 1 + (setup.model.remote === true ? CHUNKS_AHEAD : 0)
  const asked: Promise<AnsweredChunk>[] = []
  let next = start
  try {
    for (;;) {
      while (asked.length < atOnce && next < setup.cases.length) {
        signal.throwIfAborted()
        const chunk = answerChunk(setup, next, { ...watch, signal })
        // Where an earlier chunk fails this one's failure has nobody left to tell.
        chunk.catch(() => undefined)
        asked.push(chunk)
        next += setup.chunkSize
      }
      const first = asked.shift()
      if (first === undefined) return
      yield await first
    }
  } finally {
    ending.abort()
    await Promise.allSettled(asked)
  }
}

async function answerChunk(
  setup: GradingSetup,
  start: number,
  { progress, onFailure, signal }: AnswerWatch & { readonly signal: AbortSignal },
): Promise<AnsweredChunk> {
  const prepared: PreparedCase[] = []
  const end = Math.min(start + setup.chunkSize, setup.cases.length)
  for (let index = start; index < end; index++) prepared.push(prepareCase(setup, index))
  const tools = toolsOf(setup.eval)
  const prompts = prepared.map(({ messages, seeds }) => (tools === undefined ? { messages, seeds } : { messages, seeds, tools }))
  const failures = new FailureTeller({ evalName: setup.eval.name, caseIds: prepared.map(({ row }) => row.id), onFailure })
  const listen = (now: GenerateProgress): void => {
    progress.report(start, now)
    for (const { prompt, completion } of now.arrived ?? []) failures.see(prompt, completion)
    // Ends the call; a model on this machine ends at the next chunk.
    if (setup.model.remote === true) signal.throwIfAborted()
  }
  const completions = withoutSecrets(await setup.model.generate(prompts, setup.sampling, listen))
  for (const index of prepared.keys()) {
    const { length } = completions[index] ?? []
    if (length !== setup.repeats) throw new InternalError(`A model gave ${length} completions for ${setup.repeats} seeds`, 'gradeCases')
    for (const completion of completions[index] ?? []) failures.see(index, completion)
  }
  return { start, prepared, completions }
}

/** Whatever model answered: a key that it sends back must not get into records. */
function withoutSecrets(groups: readonly (readonly Completion[])[]): readonly (readonly Completion[])[] {
  const redact = secretRedactor()
  if (redact === null) return groups
  return groups.map((group) =>
    group.map((completion) => (isTouched(completion, redact) ? (redactJson(completion) as Completion) : completion)),
  )
}

function isTouched({ text, toolCalls, whyFailed }: Completion, redact: (text: string) => string): boolean {
  const written = toolCalls === undefined && whyFailed === undefined ? text : JSON.stringify([text, toolCalls, whyFailed])
  return redact(written) !== written
}
