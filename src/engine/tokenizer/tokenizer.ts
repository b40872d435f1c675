/**
 * @file Text to token ids and back with the model's own tokenizer.json, and whole conversations with its own chat template.
 * It knows nothing of the weights except, where asked to check, how many ids they embed.
 */
import { join } from 'node:path'
import { Tokenizer as HuggingFaceTokenizer } from '@huggingface/tokenizers'
import { identifyDecoder, identifyTokenizer } from '../../identity/identify-model.ts'
import { RunawayStopped, stopRunaway } from '../../base/stop-runaway.ts'
import { readJsonFile, readOptionalJsonFile } from '../checkpoint/read-json-file.ts'
import { TokenizerInvalidError, TokenizerMismatchError, TokenizerRunawayError } from '../errors.ts'
import { ChatTemplate } from './chat-template.ts'
import type { ChatMessage } from './chat-message.ts'
import type { RenderOptions } from './chat-template.ts'
import { PlainTextGuard } from './plain-text-guard.ts'
import { completeDefinition, namedSpecialTokens, readTokenizerConfig } from './special-tokens.ts'
import { TEMPLATE_CLOCK } from './template-clock.ts'
import { tokenizerDeadline } from './tokenizer-deadline.ts'
import { findTurnEnd } from './turn-end.ts'

/** A rendered conversation. */
export interface RenderedChat {
  readonly text: string
  readonly ids: Int32Array
}

/** The tokenizer and chat template of one model directory. */
export interface Tokenizer {
  /** As src/identity/identify-model.ts gives it, 16 hexadecimal characters. */
  readonly hash: string
  /** How token ids become text, as src/identity/identify-model.ts gives it. */
  readonly decoderHash: string
  /** One more than the largest token id. */
  readonly idCount: number
  /** Ids of `text` alone: nothing is added. Special tokens spelled in `text` become special ids unless `plainText` is set. */
  encode(text: string, options?: { readonly plainText?: boolean }): Int32Array
  /** Text of `ids`, special tokens left out. */
  decode(ids: Iterable<number>): string
  /** The id of a token by its exact text, `undefined` when the vocabulary lacks it. */
  tokenId(token: string): number | undefined
  /**
   * Messages through the chat template. Special tokens that the template writes become special ids; those spelled inside a message's content
   * stay ordinary text, so nothing a user or a model wrote can end a turn.
   * @throws ChatTemplateError, ChatTemplateMissingError, ChatTemplateDropsError, TokenizerRunawayError
   */
  renderChat(messages: readonly ChatMessage[], options: RenderOptions): RenderedChat
  /**
   * The ids to learn after an answer: the one with which the template itself ends an assistant's turn, else the tokenizer's own end, else the first
   * of `stopIds`. Empty when there is none.
   * @throws TurnEndError when the template ends turns with a special token that is none of `stopIds`
   */
  turnEnd(stopIds: readonly number[]): readonly number[]
}

/** How a model's text is made into tokens, besides its own files. */
export interface TokenizerOptions {
  /** Whether a thinking model's template asks it to think (`enable_thinking`); null leaves it to the template. */
  readonly thinking?: 'on' | 'off' | null
}

/**
 * Reads tokenizer.json, tokenizer_config.json, special_tokens_map.json, added_tokens.json and the chat templates of a model directory.
 * @throws ModelFileMissingError, ModelConfigError, TokenizerInvalidError
 */
export function openTokenizer(directory: string, { thinking = null }: TokenizerOptions = {}): Tokenizer {
  const path = join(directory, 'tokenizer.json')
  const published = readJsonFile(path, 'tokenizer')
  const config = readTokenizerConfig(directory, published)
  const definition = completeDefinition(directory, published, config)
  const library = construct(path, definition, config)
  const chat = new ChatTemplate(directory, config, thinking === null ? {} : { enable_thinking: thinking === 'on' })
  const guard = new PlainTextGuard(library, construct(path, withoutSpecialTokens(definition), config))
  const inTime = tokenizerDeadline(path, definition)
  const encode = (text: string): Int32Array =>
    inTime(text.length, () => Int32Array.from(library.encode(text, { add_special_tokens: false }).ids))
  const turnEnds = new Map<string, readonly number[]>()
  const cleanUp = config['clean_up_tokenization_spaces'] === true
  return {
    hash: identifyTokenizer(directory, { thinking, clock: TEMPLATE_CLOCK }),
    decoderHash: identifyDecoder(definition, config),
    idCount: largestTokenId(published) + 1,
    encode: (text, options) => (options?.plainText ? inTime(text.length, () => guard.encodePlain(text)) : encode(text)),
    decode: (ids) => {
      // Ids of a padded vocabulary have no text, and the library refuses an empty list.
      const known = [...ids].filter((id) => library.id_to_token(id) !== undefined)
      if (known.length === 0) return ''
      return inTime(known.length, () => library.decode(known, { skip_special_tokens: true, clean_up_tokenization_spaces: cleanUp }))
    },
    tokenId: (token) => library.token_to_id(token),
    renderChat: (messages, options) => {
      const rendered = chat.render(guard.protect(messages), options)
      const ids = guard.isProtected(rendered) ? inTime(rendered.length, () => guard.encodeRendered(rendered)) : encode(rendered)
      return { text: guard.reveal(rendered), ids }
    },
    turnEnd: (stopIds) => {
      const key = stopIds.join()
      const ends = turnEnds.get(key) ?? findTurnEnd({ chat, library, encode, ownEnd: namedSpecialTokens(config)['eos_token'] }, stopIds)
      turnEnds.set(key, ends)
      return ends
    },
  }
}

/**
 * Refuses a tokenizer that can make ids which the model does not embed.
 * @throws TokenizerMismatchError, ModelConfigError
 */
export function checkTokenizerFits(directory: string, vocabSize: number): void {
  const path = join(directory, 'tokenizer.json')
  const definition = readOptionalJsonFile(path)
  if (definition === undefined) return
  const largest = largestTokenId(definition)
  if (largest >= vocabSize) throw new TokenizerMismatchError({ path, largestId: largest, vocabSize })
}

const MAX_ADDED_TOKENS = 100_000
const OPENING_LIMIT_MS = 60_000

function construct(path: string, definition: Record<string, unknown>, config: Record<string, unknown>): HuggingFaceTokenizer {
  const added = definition['added_tokens']
  if (Array.isArray(added) && added.length > MAX_ADDED_TOKENS)
    throw new TokenizerInvalidError({ path, problem: `The tokenizer has ${added.length} added tokens, more than ${MAX_ADDED_TOKENS}` })
  try {
    return stopRunaway(() => new HuggingFaceTokenizer(definition, config), OPENING_LIMIT_MS)
  } catch (cause) {
    if (cause instanceof RunawayStopped)
      throw new TokenizerRunawayError({ path, problem: `reading the tokenizer was ${cause.message}` }, { cause })
    throw new TokenizerInvalidError({ path, problem: 'The tokenizer definition cannot be used' }, { cause })
  }
}

function withoutSpecialTokens(definition: Record<string, unknown>): Record<string, unknown> {
  const added = Array.isArray(definition['added_tokens']) ? (definition['added_tokens'] as { special?: boolean }[]) : []
  return { ...definition, added_tokens: added.filter((token) => token.special !== true) }
}

function largestTokenId(definition: Record<string, unknown>): number {
  const model = (definition['model'] ?? {}) as { vocab?: Record<string, number> | [string, number][] }
  const vocab = model.vocab ?? {}
  let largest = Array.isArray(vocab) ? vocab.length - 1 : -1
  if (!Array.isArray(vocab)) for (const token in vocab) largest = Math.max(largest, vocab[token] as number)
  const added = Array.isArray(definition['added_tokens']) ? (definition['added_tokens'] as { id: number }[]) : []
  for (const token of added) largest = Math.max(largest, token.id)
  return largest
}
