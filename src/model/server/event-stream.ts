/**
 * @file Puts an answer together that a server streamed although it was asked not to: server-sent events of OpenAI's kind back to the answer in one piece.
 */

interface Chunk {
  readonly error?: unknown
  readonly choices?: readonly ChunkChoice[]
  readonly usage?: unknown
}

interface ChunkChoice {
  readonly index?: number
  readonly delta?: Delta
  readonly message?: unknown
  readonly text?: unknown
  readonly finish_reason?: unknown
  readonly logprobs?: { readonly content?: readonly unknown[] | null } | null
}

interface Delta {
  readonly content?: unknown
  readonly reasoning_content?: unknown
  readonly refusal?: unknown
  readonly tool_calls?: readonly {
    readonly index?: number
    readonly id?: unknown
    readonly function?: { readonly name?: unknown; readonly arguments?: unknown }
  }[]
}

/** Whether a body is a stream of events, whatever its header says. */
export function isEventStream(contentType: string | null, text: string): boolean {
  return contentType?.startsWith('text/event-stream') === true || /^\s*(?::[^\n]*\n\s*)*(?:data|event): ?/.test(text)
}

/** The answer that the events of the first choice add up to; what the server calls an error as it came. @throws a plain error when the stream broke off */
export function joinEvents(text: string): unknown {
  const data = text.split(/\r?\n/).flatMap((line) => (line.startsWith('data:') ? [line.slice(5).trim()] : []))
  const chunks = data.filter((one) => one !== '' && one !== '[DONE]').map((one) => JSON.parse(one) as Chunk)
  const failed = chunks.find(({ error }) => error !== undefined && error !== null)
  if (failed !== undefined) return failed
  const choices = chunks.flatMap(({ choices: own = [] }) => own.filter(({ index = 0 }) => index === 0))
  const finish = choices.map((choice) => choice.finish_reason).findLast((reason) => typeof reason === 'string')
  if (finish === undefined && !data.includes('[DONE]')) throw new Error('the answer broke off')
  const logProbs = choices.flatMap(({ logprobs }) => logprobs?.content ?? [])
  const choice = {
    ...spokenOf(choices),
    finish_reason: finish ?? null,
    logprobs: logProbs.length === 0 ? null : { content: logProbs },
  }
  return { choices: choices.length === 0 ? [] : [choice], usage: chunks.findLast(({ usage }) => usage != null)?.usage ?? null }
}

function spokenOf(choices: readonly ChunkChoice[]): { readonly text: string } | { readonly message: unknown } {
  const whole = choices.find(({ message }) => message != null)?.message
  if (whole !== undefined) return { message: whole }
  const deltas = choices.flatMap(({ delta }) => (delta === undefined ? [] : [delta]))
  if (deltas.length === 0) return { text: joined(choices.map(({ text }) => text)) ?? '' }
  const calls = callsOf(deltas)
  return {
    message: {
      content: joined(deltas.map(({ content }) => content)),
      reasoning_content: joined(deltas.map((delta) => delta.reasoning_content)),
      refusal: joined(deltas.map(({ refusal }) => refusal)),
      ...(calls.length === 0 ? {} : { tool_calls: calls }),
    },
  }
}

/** The parts of each call come under its index; only the first names it. */
function callsOf(deltas: readonly Delta[]): readonly unknown[] {
  const calls = new Map<number, { id: unknown; names: unknown[]; arguments: unknown[] }>()
  for (const part of deltas.flatMap((delta) => delta.tool_calls ?? [])) {
    const { index = 0, id, function: own } = part
    const call = calls.get(index) ?? { id: null, names: [], arguments: [] }
    calls.set(index, call)
    call.id ??= id ?? null
    call.names.push(own?.name)
    call.arguments.push(own?.arguments)
  }
  return [...calls.values()].map((call) => ({
    id: call.id,
    function: { name: joined(call.names) ?? '', arguments: joined(call.arguments) },
  }))
}

function joined(parts: readonly unknown[]): string | null {
  const texts = parts.filter((part) => typeof part === 'string')
  return texts.length === 0 ? null : texts.join('')
}
