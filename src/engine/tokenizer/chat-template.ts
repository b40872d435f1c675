/**
 * @file The chat template that a model was published with, rendered with a fixed context so that the same messages always give the same text.
 * It knows nothing of token ids.
 */
import { parseExactJson } from '../../base/parse-exact-json.ts'
import { quoteUntrusted } from '../../base/untrusted-text.ts'
import {
  ChatTemplateDropsError,
  ChatTemplateError,
  ChatTemplateMissingError,
  TokenizerInvalidError,
  TokenizerRunawayError,
} from '../errors.ts'
import { BoundedTemplate } from './bounded-template.ts'
import type { ChatMessage, ChatTool } from './chat-message.ts'
import { droppedPart } from './dropped-part.ts'
import { readNamedTemplates } from './named-templates.ts'
import { namedSpecialTokens } from './special-tokens.ts'
import { strftimeAtClock, TEMPLATE_DATE } from './template-clock.ts'

/** What a rendering adds to the messages. */
export interface RenderOptions {
  readonly addGenerationPrompt: boolean
  /** Tools that the model may call. A template called "tool_use" is taken for them where the model has one. */
  readonly tools?: readonly ChatTool[] | undefined
}

/** The templates of one model directory. */
export class ChatTemplate {
  /** The file that messages name. */
  readonly path: string
  readonly #specials: Readonly<Record<string, string>>
  readonly #templates: ReadonlyMap<string, BoundedTemplate>
  readonly #variables: Readonly<Record<string, unknown>>

  /** `variables` are what this model's template takes besides the messages, for example `enable_thinking`. */
  constructor(directory: string, tokenizerConfig: Readonly<Record<string, unknown>>, variables: Readonly<Record<string, unknown>> = {}) {
    const { path, sources } = readNamedTemplates(directory, tokenizerConfig)
    this.#variables = variables
    this.path = path
    this.#specials = namedSpecialTokens(tokenizerConfig)
    this.#templates = new Map([...sources].map(([name, source]) => [name, compile(path, source)]))
  }

  /** @throws ChatTemplateError, ChatTemplateMissingError, ChatTemplateDropsError, TokenizerRunawayError */
  render(messages: readonly ChatMessage[], { addGenerationPrompt, tools = [] }: RenderOptions): string {
    const template = (tools.length > 0 ? this.#templates.get('tool_use') : undefined) ?? this.#templates.get('default')
    if (template === undefined) throw new ChatTemplateMissingError({ path: this.path, names: [...this.#templates.keys()] })
    const render = (shown: readonly ChatMessage[], offered: readonly ChatTool[]): string =>
      this.#renderWith(template, shown, { addGenerationPrompt, tools: offered })
    const text = render(messages, tools)
    const dropped = droppedPart({ messages, tools, text, render })
    if (dropped !== undefined) throw new ChatTemplateDropsError({ path: this.path, what: dropped })
    return text
  }

  #renderWith(template: BoundedTemplate, messages: readonly ChatMessage[], { addGenerationPrompt, tools = [] }: RenderOptions): string {
    try {
      return template.render({
        ...this.#specials,
        ...this.#variables,
        messages: messages.map(templateMessage),
        tools: tools.length === 0 ? null : tools.map(templateTool),
        documents: null,
        add_generation_prompt: addGenerationPrompt,
        date_string: TEMPLATE_DATE,
        strftime_now: strftimeAtClock,
      })
    } catch (cause) {
      const reason = reasonOf(cause)
      if (cause instanceof RangeError)
        throw new TokenizerRunawayError({ path: this.path, problem: `the chat template needs ${reason}` }, { cause })
      throw new ChatTemplateError(
        { path: this.path, problem: `The chat template refused the messages: ${quoteUntrusted(reason, 120)}` },
        { cause },
      )
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
    return parseExactJson(text)
  } catch {
    return text
  }
}

function compile(path: string, source: string): BoundedTemplate {
  try {
    return new BoundedTemplate(source)
  } catch (cause) {
    throw new TokenizerInvalidError(
      { path, problem: `The chat template cannot be parsed: ${quoteUntrusted(reasonOf(cause), 120)}` },
      { cause },
    )
  }
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause)
}
