/**
 * @file From a server's answer to a completion. The answer is untrusted: what is not of the form is a problem in words, never a crash.
 */
import { z } from 'zod'
import type { Completion, FinishReason, ToolCall } from '../../eval/completion.ts'

const toolCallSchema = z.object({ id: z.string().nullish(), function: z.object({ name: z.string(), arguments: z.string().nullish() }) })
const contentPart = z.object({ type: z.string(), text: z.string().nullish() })
const messageSchema = z.object({
  content: z.union([z.string(), z.array(contentPart)]).nullish(),
  refusal: z.string().nullish(),
  tool_calls: z.array(toolCallSchema).nullish(),
})
const alternative = z.object({ token: z.string(), logprob: z.number().nullish() })
/** Chat has a list of tokens, text completions lists beside each other. */
const logProbsSchema = z.object({
  content: z.array(alternative.extend({ top_logprobs: z.array(alternative).nullish() })).nullish(),
  token_logprobs: z.array(z.number().nullable()).nullish(),
  top_logprobs: z.unknown().optional(),
})
const choiceSchema = z.object({
  finish_reason: z.string().nullish(),
  message: messageSchema.nullish(),
  text: z.string().nullish(),
  logprobs: logProbsSchema.nullish().catch(null),
})
const usageSchema = z.object({ prompt_tokens: z.int().min(0), completion_tokens: z.int().min(0) })
const answerSchema = z.object({ choices: z.array(choiceSchema), usage: usageSchema.nullish().catch(null) })

type Choice = z.infer<typeof choiceSchema>

/** An answer that could be read, with every number that the server gave about its tokens, as text (for fingerprints). */
export interface ReadAnswer {
  readonly completion: Completion
  readonly numbers: string | null
}

/** The completion of an answer, or what is wrong with the answer. */
export function readChatAnswer(json: unknown): ReadAnswer | { readonly problem: string } {
  const parsed = answerSchema.safeParse(json)
  if (!parsed.success) return { problem: `it is no completion: ${z.prettifyError(parsed.error).slice(0, 200)}` }
  const [choice] = parsed.data.choices
  if (choice === undefined) return { problem: 'it has no choices' }
  if (choice.message == null && choice.text == null) return { problem: 'its choice has neither message nor text' }
  const { usage } = parsed.data
  const toolCalls = toolCallsOf(choice)
  const finishReason = toolCalls.length > 0 && choice.finish_reason !== 'length' ? 'tool-calls' : finishOf(choice.finish_reason)
  if (finishReason === 'error') return { problem: `it ended with ${JSON.stringify(choice.finish_reason)}` }
  const isFiltered = finishReason === 'content-filter'
  const completion: Completion = {
    text: isFiltered ? '' : textOf(choice),
    tokenIds: [],
    logProbs: isFiltered ? null : logProbsOf(choice),
    finishReason,
    ...(toolCalls.length === 0 || isFiltered ? {} : { toolCalls }),
    ...(usage == null ? {} : { usage: { promptTokens: usage.prompt_tokens, completionTokens: usage.completion_tokens } }),
  }
  return { completion, numbers: choice.logprobs == null || completion.logProbs === null ? null : JSON.stringify(choice.logprobs) }
}

const FINISH: Readonly<Record<string, FinishReason>> = {
  stop: 'stop',
  tool_calls: 'tool-calls',
  function_call: 'tool-calls',
  length: 'length',
  max_tokens: 'length',
  content_filter: 'content-filter',
  error: 'error',
  abort: 'error',
}

/** Servers have words of their own for a stop ("eos", "end_turn"). */
function finishOf(reason: string | null | undefined): FinishReason {
  return Object.hasOwn(FINISH, reason ?? '') ? (FINISH[reason as string] as FinishReason) : 'stop'
}

function textOf({ message, text }: Choice): string {
  const content = message?.content
  if (Array.isArray(content)) return content.map((part) => part.text ?? '').join('')
  return content ?? text ?? message?.refusal ?? ''
}

function toolCallsOf({ message }: Choice): readonly ToolCall[] {
  return (message?.tool_calls ?? []).map(({ id, function: called }) => ({
    id: id ?? null,
    name: called.name,
    arguments: called.arguments ?? '',
  }))
}

/** Null unless there is a number for every token. */
function logProbsOf({ logprobs }: Choice): readonly number[] | null {
  if (logprobs == null) return null
  const given = logprobs.content?.map(({ logprob }) => logprob) ?? logprobs.token_logprobs
  if (given == null || given.length === 0) return null
  return given.every((value) => typeof value === 'number' && Number.isFinite(value)) ? (given as number[]) : null
}
