/**
 * @file Keeps special tokens that are spelled inside a message's content from being read as special tokens. Their spelling is broken by a marker
 * before the template runs, and the marker is taken out again when the pieces between real special tokens are encoded.
 * A conversation without such spellings never comes here, so its ids are exactly those of transformers.
 */
import type { Tokenizer as HuggingFaceTokenizer } from '@huggingface/tokenizers'
import type { ChatMessage } from './chat-message.ts'

// A noncharacter: it is never assigned, and content that holds it loses it.
const MARKER = '\ufdd0'

/** Protects contents, and encodes what was protected. */
export class PlainTextGuard {
  readonly #library: HuggingFaceTokenizer
  readonly #plain: HuggingFaceTokenizer
  readonly #specials: RegExp | undefined

  /** @param plain the same tokenizer without its special tokens */
  constructor(library: HuggingFaceTokenizer, plain: HuggingFaceTokenizer) {
    this.#library = library
    this.#plain = plain
    const contents = [...library.get_added_tokens_decoder().values()].filter((token) => token.special).map((token) => token.content)
    const longestFirst = contents.toSorted((a, b) => b.length - a.length).map(escapeRegExp)
    this.#specials = longestFirst.length === 0 ? undefined : new RegExp(`(${longestFirst.join('|')})`, 'gu')
  }

  /** The same messages, each special token in a content broken by a marker. */
  protect(messages: readonly ChatMessage[]): readonly ChatMessage[] {
    const broken = (text: string): string => this.#break(text.replaceAll(MARKER, ''))
    return messages.map(({ content, toolCalls, ...rest }) => ({
      ...rest,
      content: broken(content),
      ...(toolCalls === undefined
        ? {}
        : { toolCalls: toolCalls.map(({ id, name, arguments: text }) => ({ id, name: broken(name), arguments: broken(text) })) }),
    }))
  }

  isProtected(text: string): boolean {
    return text.includes(MARKER)
  }

  /** The text without markers. */
  reveal(text: string): string {
    return text.replaceAll(MARKER, '')
  }

  /** Ids of text in which no special token counts. */
  encodePlain(text: string): Int32Array {
    return Int32Array.from(this.#plain.encode(text, { add_special_tokens: false }).ids)
  }

  /** Ids of a rendered conversation: unbroken special tokens count, broken ones are ordinary text. */
  encodeRendered(text: string): Int32Array {
    const pieces = this.#specials === undefined ? [text] : text.split(this.#specials)
    return Int32Array.from(
      pieces.flatMap((piece, index) =>
        index % 2 === 1 ? [this.#library.token_to_id(piece) as number] : piece === '' ? [] : [...this.encodePlain(this.reveal(piece))],
      ),
    )
  }

  #break(content: string): string {
    if (this.#specials === undefined) return content
    return content.replace(
      this.#specials,
      (special) => Array.from(special, (character) => character).join(MARKER) + (special.length === 1 ? MARKER : ''),
    )
  }
}

function escapeRegExp(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`)
}
