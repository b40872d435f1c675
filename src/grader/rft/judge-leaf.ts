/**
 * @file The RFT graders that ask a model: score_model and label_model. A judge's answer is untrusted too: what is no number in it is an error, not a 0.
 */
import type { JsonValue } from '../../base/json.ts'
import { quoteUntrusted } from '../../base/untrusted-text.ts'
import type { Completion, Message, Sampling } from '../../eval/completion.ts'
import type { GraderModels, JudgeRequest } from '../../eval/grader.ts'
import { withoutThoughts } from '../../eval/thinking.ts'
import { askAgain, memberOf, numberOfText, ownObject, SHOWN_AGAIN } from '../judge/judge-reply.ts'
import { modelReference } from './leaf.ts'
import type { LeafInput, LeafOptions, MakeLeaf } from './leaf.ts'
import { failed } from './rft-failure.ts'
import type { RftFailure, RftScore } from './rft-failure.ts'
import type { RftLabelModel, RftMessage, RftSampling, RftScoreModel } from './rft-json.ts'
import { parseTemplate, renderTemplate } from './template.ts'
import type { Template } from './template.ts'

const MAX_NEW_TOKENS = 1024

/** The number that the judge gives as `result`, moved into the range. */
export const scoreModelLeaf: MakeLeaf<RftScoreModel> = (json, options, where) => {
  const range = json.range ?? ([0, 1] as const)
  const read = (result: unknown): number | null => {
    const value = numberOfText(result)
    return typeof value === 'number' && Number.isFinite(value) ? Math.min(range[1], Math.max(range[0], value)) : null
  }
  return {
    range,
    timeoutMs: options.timeoutMs,
    score: judge(json, options, { where, result: { type: 'number' }, what: 'a number', read }),
  }
}

/** 1 when the judge gives a passing label as `result`, 0 for another label. */
export const labelModelLeaf: MakeLeaf<RftLabelModel> = (json, options, where) => {
  const read = (result: unknown): number | null =>
    typeof result === 'string' && json.labels.includes(result) ? Number(json.passing_labels.includes(result)) : null
  return {
    range: [0, 1],
    timeoutMs: options.timeoutMs,
    score: judge(json, options, { where, result: { type: 'string', enum: json.labels }, what: 'a label', read }),
  }
}

/** What a judge is asked for, and how the result becomes a score; null where it is none. */
interface Asked {
  readonly where: string
  readonly result: JsonValue
  readonly what: string
  readonly read: (result: unknown) => number | null
}

type MessageTemplate = Omit<Message, 'content'> & { readonly content: Template }

/** Asks the judge, and once more where its answer cannot be read. */
function judge(json: RftScoreModel | RftLabelModel, options: LeafOptions, asked: Asked): (input: LeafInput) => Promise<RftScore> {
  const templates = json.input.map((message) => messageTemplate(message, asked.where))
  const reference = modelReference(options, json.model)
  const schema = answerSchema(asked.result)
  const request = { sampling: samplingOf(json.sampling_params), seed: json.sampling_params?.seed ?? 0, jsonSchema: schema }
  return async ({ input, values }) => {
    const messages: Message[] = []
    for (const { role, content } of templates) {
      const rendered = renderTemplate(content, values)
      if ('failure' in rendered) return rendered
      messages.push({ role, content: rendered.text })
    }
    if (input.models === undefined) return failed('GRADER_MODELS_MISSING', `${json.type} asks a model, and no model may be asked here`)
    const shown = messages.map(({ content }) => content)
    const completion = await complete(input.models, reference, { messages, ...request })
    if ('failure' in completion) return completion
    const first = readAnswer(completion, shown, asked)
    if ('score' in first) return first
    const more: Message[] = [
      { role: 'assistant', content: completion.text.slice(0, SHOWN_AGAIN) || '(nothing)' },
      { role: 'user', content: askAgain(`{"result": <${asked.what}>}`) },
    ]
    const again = await complete(input.models, reference, { messages: [...messages, ...more], ...request })
    return 'failure' in again ? first : readAnswer(again, shown, asked)
  }
}

/** Parts of one message are lines of it. `developer` is the newer name of `system`. */
function messageTemplate({ role, content }: RftMessage, where: string): MessageTemplate {
  const parts = typeof content === 'string' ? [content] : [content].flat().map(({ text }) => text)
  return { role: role === 'developer' ? 'system' : role, content: parseTemplate(parts.join('\n'), where) }
}

/** Greedy unless the JSON says otherwise, so that the same answer has the same grade. */
function samplingOf(params: RftSampling = {}): Sampling {
  return {
    temperature: params.temperature ?? 0,
    topK: 0,
    topP: params.top_p ?? 1,
    maxNewTokens: params.max_completions_tokens ?? MAX_NEW_TOKENS,
  }
}

function answerSchema(result: JsonValue): JsonValue {
  const text = { type: 'string' }
  const step = {
    type: 'object',
    properties: { description: text, conclusion: text },
    required: ['description', 'conclusion'],
    additionalProperties: false,
  }
  return {
    type: 'object',
    properties: { steps: { type: 'array', items: step }, result },
    required: ['steps', 'result'],
    additionalProperties: false,
  }
}

async function complete(
  models: GraderModels,
  reference: string,
  request: JudgeRequest,
): Promise<Completion | { readonly failure: RftFailure }> {
  try {
    const completion = await models.complete(reference, request)
    if (completion.finishReason === 'content-filter')
      return failed('MODEL_GRADER_REFUSAL_ERROR', 'the content filter of the judge stopped its answer')
    if (completion.finishReason === 'error') return failed('MODEL_GRADER_SERVER_ERROR', 'the judge gave no completion')
    return completion
  } catch (error) {
    return failed(
      'MODEL_GRADER_SERVER_ERROR',
      `the judge failed: ${quoteUntrusted(error instanceof Error ? error.message : String(error), 200)}`,
    )
  }
}

/** The result in the answer's object, or the answer itself where it is nothing but a number or a text in quotes. */
function readAnswer(completion: Completion, shown: readonly string[], { what, read }: Asked): RftScore {
  const text = withoutThoughts(completion.text)
  const object = ownObject(text, shown)
  const result = object === null ? bareValue(text) : (memberOf(object, 'result') ?? null)
  if (result === undefined) {
    const cut = completion.finishReason === 'length' ? ', cut at its length limit' : ''
    return failed('MODEL_GRADER_PARSE_ERROR', `the judge's answer holds no JSON with a result${cut}: ${quoteUntrusted(text)}`)
  }
  const score = read(result)
  if (score !== null) return { score }
  const given = result === null ? 'nothing' : JSON.stringify(result)
  return failed('MODEL_GRADER_PARSE_ERROR', `the judge gave ${quoteUntrusted(given)} where ${what} should be`)
}

function bareValue(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'number' || typeof value === 'string' ? value : undefined
  } catch {
    return undefined
  }
}
