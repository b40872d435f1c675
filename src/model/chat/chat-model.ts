/**
 * @file A model behind an OpenAI-compatible server as a Model. A case that the server cannot answer becomes a completion that says so, so that the others
 * are graded. Greedy answers are asked once a prompt and stand for all its seeds.
 */
import { hashJson } from '../../base/hash.ts'
import type { Completion, Message, Sampling, TokenUsage, Tool } from '../../eval/completion.ts'
import type { ArrivedCompletion, GenerateProgress, Model, ModelIdentity, ModelPrompt } from '../model.ts'
import { addUsage, NO_USAGE } from '../cost.ts'
import { mapConcurrently } from '../server/map-concurrently.ts'
import { askServer } from './ask-server.ts'
import type { CaseFailure, ChatAccess } from './ask-server.ts'
import { readChatAnswer } from './chat-answer.ts'
import type { ReadAnswer } from './chat-answer.ts'
import { adaptDialect, chatRequest } from './chat-request.ts'
import type { ChatQuestion, Dialect } from './chat-request.ts'
import { ServerRefusedError } from '../server/errors.ts'
import { ServerGoneError, ServerKeyRefusedError, ServerModelRefusedError, ServerToolsError } from './errors.ts'

export interface ChatModelParts {
  readonly access: ChatAccess
  /** The server's name for the model. */
  readonly name: string
  readonly identity: ModelIdentity
  readonly dialect: Dialect
}

/** Failures in a row, with no success between them, after which the server counts as gone. */
const FAILURES_IN_A_ROW = 48

/**
 * A model over a server that has answered before (see `openChatModel`).
 * @throws ServerRefusedError, ServerUnreachableError, ServerGoneError, ServerToolsError (from generate)
 */
export function createChatModel(parts: ChatModelParts): Model {
  const asker = new ChatAsker(parts)
  let spent: TokenUsage = NO_USAGE
  return {
    identity: parts.identity,
    remote: true,
    spent: () => spent,
    renderedHash: (messages: readonly Message[], tools?: readonly Tool[]) => hashJson([parts.dialect.api, messages, tools ?? []]),
    async generate(prompts: readonly ModelPrompt[], sampling: Sampling, onProgress?: (progress: GenerateProgress) => void) {
      if (parts.dialect.api === 'completions' && prompts.some(({ tools = [] }) => tools.length > 0))
        throw new ServerToolsError({ where: parts.access.url })
      const rows = rowsOf(prompts, sampling)
      const groups = prompts.map(({ seeds }) => seeds.map((): Completion | null => null))
      const total = prompts.reduce((sum, { seeds }) => sum + seeds.length, 0)
      let [done, tokens] = [0, 0]
      await mapConcurrently(rows, parts.access.gate.limit.most * 2, async (row, _, signal) => {
        const arrived = spread(row, await asker.complete({ ...row.prompt, sampling, seed: row.seed }, signal))
        for (const { prompt, seedIndex, completion } of arrived) (groups[prompt] as Completion[])[seedIndex] = completion
        const usage = arrived[0]?.completion.usage
        spent = addUsage(spent, usage)
        done += row.copies
        tokens += usage?.completionTokens ?? 0
        onProgress?.({ done, total, tokens, arrived })
      })
      return groups as Completion[][]
    },
    close: () => Promise.resolve(),
  }
}

interface Row {
  readonly prompt: ModelPrompt
  readonly index: number
  /** Of the first seed that the answer stands for. */
  readonly seedIndex: number
  readonly seed: number
  /** Seeds that the answer stands for. */
  readonly copies: number
}

function rowsOf(prompts: readonly ModelPrompt[], sampling: Sampling): readonly Row[] {
  const isGreedy = sampling.temperature === 0
  return prompts.flatMap((prompt, index) =>
    (isGreedy ? prompt.seeds.slice(0, 1) : prompt.seeds).map((seed, seedIndex) => {
      return { prompt, index, seedIndex, seed, copies: isGreedy ? prompt.seeds.length : 1 }
    }),
  )
}

/** An answer for all the seeds that it stands for. A copy cost nothing: it has no usage. */
function spread({ index, seedIndex, copies }: Row, completion: Completion): readonly ArrivedCompletion[] {
  const { usage: _, ...copy } = completion
  return Array.from({ length: copies }, (_one, at) => ({
    prompt: index,
    seedIndex: seedIndex + at,
    completion: at === 0 ? completion : copy,
  }))
}

/** Asks for completions, and learns what the server understands. */
export class ChatAsker {
  readonly #parts: ChatModelParts
  #dialect: Dialect
  #failuresInARow = 0

  constructor(parts: ChatModelParts) {
    this.#parts = parts
    this.#dialect = parts.dialect
  }

  get dialect(): Dialect {
    return this.#dialect
  }

  async complete(question: ChatQuestion, signal?: AbortSignal): Promise<Completion> {
    const asked = await this.ask(question, signal).catch((error: unknown) => {
      throw this.#lastingFailure(error)
    })
    if ('answer' in asked) {
      this.#failuresInARow = 0
      return asked.answer.completion
    }
    const { kind, reason } = asked.failure
    if (kind === 'failed' && ++this.#failuresInARow >= FAILURES_IN_A_ROW)
      throw new ServerGoneError({ where: this.#parts.access.url, failures: this.#failuresInARow, reason })
    const none = { text: '', tokenIds: [], logProbs: null } as const
    return kind === 'filtered'
      ? { ...none, finishReason: 'content-filter' }
      : {
          ...none,
          finishReason: 'error',
          whyFailed: { code: kind === 'too-long' ? 'PROMPT_TOO_LONG' : 'COMPLETION_FAILED', message: reason },
        }
  }

  /** A refusal that has nothing to do with the case, in words for a server that has answered before. */
  #lastingFailure(error: unknown): unknown {
    if (!(error instanceof ServerRefusedError)) return error
    const { access, name } = this.#parts
    return error.data.status === 404
      ? new ServerModelRefusedError({ url: access.url, name, reason: error.summary })
      : new ServerKeyRefusedError({ url: access.url, reason: error.summary }, { cause: error })
  }

  /** The answer, asked again in other words where the server does not know one of ours. */
  async ask(question: ChatQuestion, signal?: AbortSignal): Promise<{ answer: ReadAnswer } | { failure: CaseFailure }> {
    for (;;) {
      const dialect = this.#dialect
      const { access, name } = this.#parts
      const asked = await askServer(access, { ...chatRequest(name, question, dialect), read: readChatAnswer }, signal)
      if ('answer' in asked || asked.failure.kind !== 'refused') return asked
      const adapted = adaptDialect(dialect, asked.failure.reason)
      if (adapted === null) return asked
      // Another case may have learned it meanwhile.
      if (this.#dialect === dialect) this.#dialect = adapted
    }
  }
}
