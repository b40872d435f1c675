/**
 * @file A model behind an OpenAI-compatible server as a Model. A case that the server cannot answer becomes a completion that says so, so that the others
 * are graded. Greedy answers are asked once a prompt and stand for all its seeds.
 */
import { hashJson } from '../../base/hash.ts'
import type { Completion, Message, Sampling, TokenUsage, Tool } from '../../eval/completion.ts'
import type { GenerateProgress, Model, ModelIdentity, ModelPrompt } from '../model.ts'
import { addUsage, NO_USAGE } from '../cost.ts'
import { mapConcurrently } from '../server/map-concurrently.ts'
import { askServer } from './ask-server.ts'
import type { CaseFailure, ChatAccess } from './ask-server.ts'
import { readChatAnswer } from './chat-answer.ts'
import type { ReadAnswer } from './chat-answer.ts'
import { adaptDialect, chatRequest } from './chat-request.ts'
import type { ChatQuestion, Dialect } from './chat-request.ts'
import { ServerGoneError, ServerToolsError } from './errors.ts'

export interface ChatModelParts {
  readonly access: ChatAccess
  /** The server's name for the model. */
  readonly name: string
  readonly identity: ModelIdentity
  readonly dialect: Dialect
  /** Told why a case got no completion. */
  readonly onFailure?: ((reason: string) => void) | undefined
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
        throw new ServerToolsError(parts.access.url)
      const rows = rowsOf(prompts, sampling)
      const total = prompts.reduce((sum, { seeds }) => sum + seeds.length, 0)
      let [done, tokens] = [0, 0]
      const drawn = await mapConcurrently(rows, parts.access.gate.limit.most * 2, async ({ prompt, seed, copies }) => {
        const completion = await asker.complete({ ...prompt, sampling, seed })
        spent = addUsage(spent, completion.usage)
        done += copies
        tokens += completion.usage?.completionTokens ?? 0
        onProgress?.({ done, total, tokens })
        return completion
      })
      return spread(prompts, rows, drawn)
    },
    close: () => Promise.resolve(),
  }
}

interface Row {
  readonly prompt: ModelPrompt
  readonly seed: number
  /** Seeds that the answer stands for. */
  readonly copies: number
}

function rowsOf(prompts: readonly ModelPrompt[], sampling: Sampling): readonly Row[] {
  const isGreedy = sampling.temperature === 0
  return prompts.flatMap((prompt) =>
    (isGreedy ? prompt.seeds.slice(0, 1) : prompt.seeds).map((seed) => ({ prompt, seed, copies: isGreedy ? prompt.seeds.length : 1 })),
  )
}

/** Answers back to prompts. A copy cost nothing: it has no usage. */
function spread(prompts: readonly ModelPrompt[], rows: readonly Row[], drawn: readonly Completion[]): Completion[][] {
  const groups = new Map<ModelPrompt, Completion[]>(prompts.map((prompt) => [prompt, []]))
  for (const [index, { prompt, copies }] of rows.entries()) {
    const completion = drawn[index] as Completion
    const { usage: _, ...copy } = completion
    groups.get(prompt)?.push(completion, ...Array.from({ length: copies - 1 }, () => copy))
  }
  return prompts.map((prompt) => groups.get(prompt) ?? [])
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

  async complete(question: ChatQuestion): Promise<Completion> {
    const asked = await this.ask(question)
    if ('answer' in asked) {
      this.#failuresInARow = 0
      return asked.answer.completion
    }
    const { kind, reason } = asked.failure
    this.#parts.onFailure?.(reason)
    if (kind === 'failed' && ++this.#failuresInARow >= FAILURES_IN_A_ROW)
      throw new ServerGoneError(this.#parts.access.url, this.#failuresInARow, reason)
    return { text: '', tokenIds: [], logProbs: null, finishReason: kind === 'filtered' ? 'content-filter' : 'error' }
  }

  /** The answer, asked again in other words where the server does not know one of ours. */
  async ask(question: ChatQuestion): Promise<{ answer: ReadAnswer } | { failure: CaseFailure }> {
    for (;;) {
      const dialect = this.#dialect
      const { access, name } = this.#parts
      const asked = await askServer(access, { ...chatRequest(name, question, dialect), read: readChatAnswer })
      if ('answer' in asked || asked.failure.kind !== 'refused') return asked
      const adapted = adaptDialect(dialect, asked.failure.reason)
      if (adapted === null) return asked
      // Another case may have learned it meanwhile.
      if (this.#dialect === dialect) this.#dialect = adapted
    }
  }
}
