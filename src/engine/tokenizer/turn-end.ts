/**
 * @file With which token a model's chat template ends an assistant's turn, found by rendering one: models often have several stop tokens, and the
 * first of them is rarely the one that ends a turn.
 */
import type { Tokenizer as HuggingFaceTokenizer } from '@huggingface/tokenizers'
import { isHoldfastError } from '../../base/errors.ts'
import { TurnEndError } from '../errors.ts'
import type { ChatMessage } from './chat-message.ts'
import type { ChatTemplate } from './chat-template.ts'

const ANSWER = 'Holdfast'
const TURN: readonly ChatMessage[] = [
  { role: 'user', content: 'Hi' },
  { role: 'assistant', content: ANSWER },
]

/** What is looked at. */
export interface TurnEndParts {
  readonly chat: ChatTemplate
  readonly library: Pick<HuggingFaceTokenizer, 'get_added_tokens_decoder' | 'token_to_id'>
  readonly encode: (text: string) => Int32Array
  /** The tokenizer's `eos_token`. */
  readonly ownEnd: string | undefined
}

/** @throws TurnEndError */
export function findTurnEnd({ chat, library, encode, ownEnd }: TurnEndParts, stopIds: readonly number[]): readonly number[] {
  const added = library.get_added_tokens_decoder()
  const ends = [...encode(textAfterAnswer(chat))].filter((id) => stopIds.includes(id) || added.get(id)?.special === true)
  const [first] = ends
  if (first !== undefined && stopIds.length > 0) {
    if (!stopIds.includes(first)) throw new TurnEndError({ path: chat.path, text: added.get(first)?.content ?? '', id: first })
    return [first]
  }
  const own = ownEnd === undefined ? undefined : library.token_to_id(ownEnd)
  return own !== undefined && stopIds.includes(own) ? [own] : stopIds.slice(0, 1)
}

/** Nothing where the model has no template, or one that refuses so plain a conversation. */
function textAfterAnswer(chat: ChatTemplate): string {
  try {
    const text = chat.render(TURN, { addGenerationPrompt: false })
    const at = text.lastIndexOf(ANSWER)
    return at === -1 ? '' : text.slice(at + ANSWER.length)
  } catch (cause) {
    if (isHoldfastError(cause)) return ''
    throw cause
  }
}
