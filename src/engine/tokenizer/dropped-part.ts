/**
 * @file Finds what a chat template was given and did not write: a tool, a tool call, a system message or a question that the model would never see.
 * A part is missing when its text is nowhere and the rendering is the same without it: templates may well rewrite what they show.
 */
import { quoteUntrusted } from '../../base/untrusted-text.ts'
import type { ChatMessage, ChatTool } from './chat-message.ts'

/** One rendering. */
export interface Rendering {
  readonly messages: readonly ChatMessage[]
  readonly tools: readonly ChatTool[]
  readonly text: string
  /** The same template for other messages and tools. */
  readonly render: (messages: readonly ChatMessage[], tools: readonly ChatTool[]) => string
}

/** What is missing from the text, for a message; undefined when all is there. */
export function droppedPart(rendering: Rendering): string | undefined {
  return droppedTool(rendering) ?? droppedCall(rendering) ?? droppedMessage(rendering)
}

function droppedTool({ messages, tools, text, render }: Rendering): string | undefined {
  // Names of tools may stand in the messages too.
  if (tools.length > 0 && isSame(text, () => render(messages, [])))
    return `tools (${quoteUntrusted(tools.map(({ name }) => name).join(', '))})`
  const unnamed = tools.find(
    (tool) =>
      !text.includes(tool.name) &&
      isSame(text, () =>
        render(
          messages,
          tools.filter((one) => one !== tool),
        ),
      ),
  )
  return unnamed === undefined ? undefined : `the tool ${quoteUntrusted(unnamed.name)}`
}

function droppedCall({ messages, tools, text, render }: Rendering): string | undefined {
  for (const [index, message] of messages.entries()) {
    const dropped = message.toolCalls?.find(({ name }) => !text.includes(name))
    if (dropped !== undefined && isSame(text, () => render(messages.with(index, { ...message, toolCalls: undefined }), tools)))
      return `the call of ${quoteUntrusted(dropped.name)} in messages[${index}]`
  }
  return undefined
}

function droppedMessage({ messages, tools, text, render }: Rendering): string | undefined {
  for (const [index, message] of messages.entries()) {
    // Answers of earlier turns may lose their thoughts.
    if (message.role === 'assistant' || text.includes(message.content.trim())) continue
    const other = messages.with(index, { ...message, content: `${message.content} ${OTHER_TEXT}` })
    if (isSame(text, () => render(other, tools))) return `messages[${index}], of the role "${message.role}"`
  }
  return undefined
}

const OTHER_TEXT = 'Holdfast'

/** A template that cannot do without the part shows it. */
function isSame(text: string, render: () => string): boolean {
  try {
    return render() === text
  } catch {
    return false
  }
}
