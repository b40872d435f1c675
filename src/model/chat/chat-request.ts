/**
 * @file What is sent for one completion, in the words of OpenAI's two interfaces. It sends nothing.
 */
import type { JsonValue } from '../../base/json.ts'
import type { Message, Sampling, Tool } from '../../eval/completion.ts'

/** What one server understands; found out by asking it, see `adaptDialect`. */
export interface Dialect {
  readonly api: 'chat' | 'completions'
  readonly maxTokensField: 'max_tokens' | 'max_completion_tokens'
  readonly logProbs: boolean
  readonly jsonSchema: boolean
}

/** One completion to ask for. `logProbCount`: that many alternatives at each token, for fingerprints. */
export interface ChatQuestion {
  readonly messages: readonly Message[]
  readonly tools?: readonly Tool[] | undefined
  readonly sampling: Sampling
  readonly seed: number
  readonly jsonSchema?: JsonValue | undefined
  readonly logProbCount?: number | undefined
}

/** Path and body of a request. */
export function chatRequest(name: string, question: ChatQuestion, dialect: Dialect): { path: string; body: Record<string, unknown> } {
  const { sampling, seed } = question
  const drawn = {
    model: name,
    [dialect.maxTokensField]: sampling.maxNewTokens,
    temperature: sampling.temperature,
    ...(sampling.topP < 1 ? { top_p: sampling.topP } : {}),
    ...(sampling.topK > 0 ? { top_k: sampling.topK } : {}),
    seed,
    // Some servers and gateways stream unless they are told not to.
    stream: false,
  }
  if (dialect.api === 'completions') {
    const logProbs = dialect.logProbs ? { logprobs: Math.max(1, question.logProbCount ?? 1) } : {}
    return { path: '/completions', body: { ...drawn, prompt: plainPrompt(question.messages), ...logProbs } }
  }
  return { path: '/chat/completions', body: { ...drawn, messages: question.messages.map(wireMessage), ...chatExtras(question, dialect) } }
}

function chatExtras({ tools = [], jsonSchema, logProbCount = 0 }: ChatQuestion, dialect: Dialect): Record<string, unknown> {
  const functions = tools.map(({ name, description, parameters }) => ({
    name,
    ...(description === undefined ? {} : { description }),
    parameters,
  }))
  return {
    ...(dialect.logProbs ? { logprobs: true, ...(logProbCount > 0 ? { top_logprobs: logProbCount } : {}) } : {}),
    ...(functions.length === 0 ? {} : { tools: functions.map((one) => ({ type: 'function', function: one })) }),
    ...(jsonSchema === undefined || !dialect.jsonSchema
      ? {}
      : { response_format: { type: 'json_schema', json_schema: { name: 'answer', schema: jsonSchema, strict: true } } }),
  }
}

/** A prompt for a model without chat template: what the turns say, with an empty line between them. */
export function plainPrompt(messages: readonly Message[]): string {
  return messages.map(({ content }) => content).join('\n\n')
}

function wireMessage({ role, content, toolCalls, toolCallId }: Message, turn: number): Record<string, unknown> {
  const calls = toolCalls?.map((call, i) => ({
    id: call.id ?? `call_${turn}_${i}`,
    type: 'function',
    function: { name: call.name, arguments: call.arguments },
  }))
  return {
    role,
    content,
    ...(calls === undefined ? {} : { tool_calls: calls }),
    // The call that a tool's turn right after it answers, where the case gave the call no name.
    ...(role === 'tool' ? { tool_call_id: toolCallId ?? `call_${turn - 1}_0` } : {}),
  }
}

/**
 * How to ask a server that refused a request for one of its fields; null when the refusal names none that can be left out without changing what is drawn.
 */
export function adaptDialect(dialect: Dialect, refusal: string): Dialect | null {
  if (dialect.maxTokensField === 'max_tokens' && refusal.includes('max_completion_tokens'))
    return { ...dialect, maxTokensField: 'max_completion_tokens' }
  if (dialect.logProbs && /log_?probs/i.test(refusal)) return { ...dialect, logProbs: false }
  if (dialect.jsonSchema && /response_format|json_schema/i.test(refusal)) return { ...dialect, jsonSchema: false }
  return null
}
