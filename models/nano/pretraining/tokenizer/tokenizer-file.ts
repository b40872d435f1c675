/**
 * @file The model's tokenizer as Hugging Face's tokenizer.json. Digits stand alone, a space is a token of its own (so a name is the same token
 * after a space and after a quote), and runs of punctuation hold the spaces between them (`", "` is one piece).
 */
import type { JsonValue } from '../../../../src/base/json.ts'
import type { BytePairs } from './byte-pairs.ts'

/** Ids 0 to 5, in this order. */
export const SPECIAL_TOKENS = ['<pad>', '<bos>', '<eos>', '<sys>', '<user>', '<asst>'] as const

const PIECE = String.raw`\d|[A-Za-z]+|[^A-Za-z0-9\s]+ ?(?:[^A-Za-z0-9\s]+ ?)*|\s`

/** Cuts text into the pieces that merges never cross. */
export function splitPieces(text: string): string[] {
  return text.match(new RegExp(PIECE, 'g')) ?? []
}

/** The content of tokenizer.json. */
export function tokenizerFile({ symbols, merges }: BytePairs): JsonValue {
  const vocabulary = [...SPECIAL_TOKENS, ...symbols].map((symbol, id) => [symbol, id] as const)
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: SPECIAL_TOKENS.map((content, id) => ({
      id,
      content,
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
      special: true,
    })),
    normalizer: null,
    pre_tokenizer: {
      type: 'Sequence',
      pretokenizers: [
        { type: 'Split', pattern: { Regex: PIECE }, behavior: 'Isolated', invert: false },
        { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: false },
      ],
    },
    post_processor: null,
    decoder: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: false },
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges: false,
      vocab: Object.fromEntries(vocabulary),
      merges: merges.map(([left, right]) => [left, right]),
    },
  }
}
