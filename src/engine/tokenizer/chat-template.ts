/**
 * @file The chat template that a model was published with, rendered with a fixed context so that the same messages always give the same text.
 * It knows nothing of token ids.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Template } from '@huggingface/jinja'
import { quoteUntrusted } from '../../base/untrusted-text.ts'
import { ChatTemplateError, ChatTemplateMissingError, TokenizerInvalidError } from '../errors.ts'

/** One turn of a conversation. `arguments` of a tool call is JSON text as a model wrote it. */
export interface ChatMessage {
  readonly role: 'system' | 'user' | 'assistant' | 'tool'
  readonly content: string
  readonly toolCalls?: readonly { readonly id: string | null; readonly name: string; readonly arguments: string }[] | undefined
  readonly toolCallId?: string | undefined
}

/** A tool as templates describe it; `parameters` is a JSON schema. */
export interface ChatTool {
  readonly name: string
  readonly description?: string | undefined
  readonly parameters: unknown
}

/** What a rendering adds to the messages. */
export interface RenderOptions {
  readonly addGenerationPrompt: boolean
  /** Tools that the model may call. A template without a place for them leaves them out, as in transformers. */
  readonly tools?: readonly ChatTool[] | undefined
}

// Templates of Llama 3 print today's date unless they are given one; this is the date that they fall back to themselves.
const FIXED_DATE = '26 Jul 2024'

/** The template of one model directory; `source` is undefined when it has none. */
export class ChatTemplate {
  readonly source: string | undefined
  readonly #path: string
  readonly #specials: Readonly<Record<string, string>>
  readonly #template: Template | undefined
  readonly #variables: Readonly<Record<string, unknown>>

  /** `variables` are what this model's template takes besides the messages, for example `enable_thinking`. */
  constructor(directory: string, tokenizerConfig: Readonly<Record<string, unknown>>, variables: Readonly<Record<string, unknown>> = {}) {
    this.#variables = variables
    const file = join(directory, 'chat_template.jinja')
    this.#path = existsSync(file) ? file : join(directory, 'tokenizer_config.json')
    this.source = existsSync(file) ? readFileSync(file, 'utf8') : templateOf(tokenizerConfig['chat_template'])
    this.#specials = specialTokens(tokenizerConfig)
    this.#template = this.source === undefined ? undefined : compile(this.#path, this.source)
  }

  /** @throws ChatTemplateError, ChatTemplateMissingError */
  render(messages: readonly ChatMessage[], { addGenerationPrompt, tools = [] }: RenderOptions): string {
    if (this.#template === undefined) throw new ChatTemplateMissingError(this.#path)
    try {
      return this.#template.render({
        ...this.#specials,
        ...this.#variables,
        messages: messages.map(templateMessage),
        ...(tools.length === 0 ? {} : { tools: tools.map(templateTool) }),
        add_generation_prompt: addGenerationPrompt,
        date_string: FIXED_DATE,
      })
    } catch (cause) {
      const reason = quoteUntrusted(cause instanceof Error ? cause.message : String(cause), 120)
      throw new ChatTemplateError(this.#path, `The chat template refused the messages: ${reason}`, cause)
    }
  }
}

/** A message in the names that transformers gives its parts: templates are written for those. */
function templateMessage({ role, content, toolCalls, toolCallId }: ChatMessage): Record<string, unknown> {
  const calls = toolCalls?.map(({ id, name, arguments: text }) => ({
    ...(id === null ? {} : { id }),
    type: 'function',
    function: { name, arguments: parsedArguments(text) },
  }))
  return {
    role,
    content,
    ...(calls === undefined ? {} : { tool_calls: calls }),
    ...(toolCallId === undefined ? {} : { tool_call_id: toolCallId }),
  }
}

function templateTool({ name, description, parameters }: ChatTool): Record<string, unknown> {
  return { type: 'function', function: { name, ...(description === undefined ? {} : { description }), parameters } }
}

/** Templates want an object and write it as JSON; what is no JSON stays text. */
function parsedArguments(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

function compile(path: string, source: string): Template {
  try {
    return new Template(source)
  } catch (cause) {
    const reason = quoteUntrusted(cause instanceof Error ? cause.message : String(cause), 120)
    throw new TokenizerInvalidError(path, `The chat template cannot be parsed: ${reason}`, cause)
  }
}

/** A plain template, or the one called "default" of a list of named ones. */
function templateOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  if (!Array.isArray(value)) return undefined
  return (value as { name?: string; template?: string }[]).find((entry) => entry.name === 'default')?.template
}

function specialTokens(config: Readonly<Record<string, unknown>>): Record<string, string> {
  const result: Record<string, string> = {}
  for (const name of ['bos_token', 'eos_token', 'unk_token', 'pad_token', 'sep_token', 'cls_token', 'mask_token']) {
    const value = config[name]
    const content = typeof value === 'object' && value !== null ? (value as { content?: unknown }).content : value
    if (typeof content === 'string') result[name] = content
  }
  return result
}
