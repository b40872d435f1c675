/**
 * @file Renders conversations once for all who ask in a row: a grading hashes a prompt, a cache looks it up, and then the model is asked with it.
 */
import type { Tokenizer } from '../engine/tokenizer/tokenizer.ts'
import type { Message, Tool } from '../eval/completion.ts'

/** Several chunks of a grading. What was rendered longer ago is rendered again. */
const KEPT = 2048

/** Token ids of messages with the generation prompt. Messages are known by their list, which must not change. */
export type RenderPrompt = (messages: readonly Message[], tools?: readonly Tool[]) => Int32Array

/** @throws (what it gives) the errors of `Tokenizer.renderChat` */
export function createPromptRenderer(tokenizer: Pick<Tokenizer, 'renderChat'>): RenderPrompt {
  const known = new Map<readonly Message[], { readonly tools: readonly Tool[] | undefined; readonly ids: Int32Array }>()
  return (messages, tools) => {
    const found = known.get(messages)
    if (found !== undefined && found.tools === tools) return found.ids
    const { ids } = tokenizer.renderChat(messages, { addGenerationPrompt: true, tools })
    if (known.size >= KEPT) known.clear()
    known.set(messages, { tools, ids })
    return ids
  }
}
