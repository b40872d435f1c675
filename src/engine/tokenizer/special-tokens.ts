/**
 * @file Special tokens by their part (`bos_token`, `eos_token`, …), from every file in which a model may name them, and the tokens that only such a
 * file adds to the vocabulary: tokenizer_config.json, special_tokens_map.json, added_tokens.json, and what a tokenizer's class presumes.
 * Source: PreTrainedTokenizerBase._from_pretrained and TokenizersBackend.__init__ of Hugging Face transformers 5.
 */
import { join } from 'node:path'
import { readOptionalJsonFile } from '../checkpoint/read-json-file.ts'

type Json = Readonly<Record<string, unknown>>
interface AddedToken {
  readonly id: number
  readonly content: string
  readonly special?: boolean
}

/** What the classes of transformers presume where no file names the token. */
const LLAMA = { bos_token: '<s>', eos_token: '</s>', unk_token: '<unk>' }
const GEMMA = { bos_token: '<bos>', eos_token: '<eos>', unk_token: '<unk>', pad_token: '<pad>' }
const QWEN2 = { eos_token: '<|endoftext|>', unk_token: '<|endoftext|>', pad_token: '<|endoftext|>' }
const GPT2 = { bos_token: '<|endoftext|>', eos_token: '<|endoftext|>', unk_token: '<|endoftext|>' }
const PRESUMED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  ...{ LlamaTokenizer: LLAMA, CodeLlamaTokenizer: LLAMA, GemmaTokenizer: GEMMA, Qwen2Tokenizer: QWEN2 },
  ...{ GPT2Tokenizer: GPT2, GPTNeoXTokenizer: { ...GPT2, pad_token: '<|padding|>' } },
  CohereTokenizer: { bos_token: '<BOS_TOKEN>', eos_token: '<|END_OF_TURN_TOKEN|>', unk_token: '<UNK>', pad_token: '<PAD>' },
}
const CLASS_OF_MODEL: Readonly<Record<string, string>> = {
  ...{ llama: 'LlamaTokenizer', gemma: 'GemmaTokenizer', gemma2: 'GemmaTokenizer', gemma3_text: 'GemmaTokenizer' },
  ...{ qwen2: 'Qwen2Tokenizer', qwen3: 'Qwen2Tokenizer', cohere: 'CohereTokenizer', gpt_neox: 'GPTNeoXTokenizer', gpt2: 'GPT2Tokenizer' },
}

/** tokenizer_config.json with every special token that transformers would know, as text or as an object with `content`. */
export function readTokenizerConfig(directory: string, definition: Json): Record<string, unknown> {
  const config = readOptionalJsonFile(join(directory, 'tokenizer_config.json')) ?? {}
  // A configuration of the newer form says it all; beside one of the older form, the map has the last word.
  const map = config['added_tokens_decoder'] === undefined ? (readOptionalJsonFile(join(directory, 'special_tokens_map.json')) ?? {}) : {}
  const named = { ...config, ...map }
  const presumed = Object.entries(presumedTokens(directory, config, definition)).filter(([name]) => !(name in named))
  return { ...Object.fromEntries(presumed), ...named }
}

/** Every named special token by its part, for a template. */
export function namedSpecialTokens(config: Json): Record<string, string> {
  const extra = config['extra_special_tokens']
  const further = typeof extra === 'object' && extra !== null && !Array.isArray(extra) ? extra : {}
  const result: Record<string, string> = {}
  for (const [name, value] of Object.entries({ ...config, ...further })) {
    const content = contentOf(value)
    if (name.endsWith('_token') && content !== undefined) result[name] = content
  }
  return result
}

/** tokenizer.json with the tokens that only other files add: each under its id in the vocabulary, else under the next free one. */
export function completeDefinition(directory: string, definition: Json, config: Json): Record<string, unknown> {
  const added = Array.isArray(definition['added_tokens']) ? (definition['added_tokens'] as AddedToken[]) : []
  const known = new Set(['', ...added.map(({ content }) => content)])
  const missing = new Map(furtherTokens(directory, config).flatMap((token) => (known.has(token.content) ? [] : [[token.content, token]])))
  if (missing.size === 0) return definition
  const vocabulary = vocabularyOf(definition)
  let next = added.reduce((largest, { id }) => Math.max(largest, id + 1), vocabulary.size)
  const further = [...missing].map(([content, token]) => ({ ...PLAIN_FLAGS, ...token, id: vocabulary.get(content) ?? next++ }))
  return { ...definition, added_tokens: [...added, ...further] }
}

const PLAIN_FLAGS = { single_word: false, lstrip: false, rstrip: false, normalized: false }

function furtherTokens(directory: string, config: Json): readonly Omit<AddedToken, 'id'>[] {
  const named = Object.entries(config).flatMap(([name, value]) => (name.endsWith('_token') ? asTokens(value) : []))
  const listed = ['additional_special_tokens', 'extra_special_tokens'].flatMap((name) => Object.values(config[name] ?? {}))
  const special = [...named, ...listed.flatMap(asTokens)]
  const isSpecial = new Set(special.map(({ content }) => content))
  const decoder = byNumber((config['added_tokens_decoder'] ?? {}) as Json).map((value) => value as Omit<AddedToken, 'id'>)
  const file = config['added_tokens_decoder'] === undefined ? (readOptionalJsonFile(join(directory, 'added_tokens.json')) ?? {}) : {}
  const legacy = Object.entries(file as Readonly<Record<string, number>>).toSorted((a, b) => a[1] - b[1])
  return [
    ...decoder.filter((token) => typeof token?.content === 'string'),
    ...legacy.map(([content]) => ({ content, normalized: !isSpecial.has(content), special: isSpecial.has(content) })),
    ...special,
  ]
}

function asTokens(value: unknown): readonly Omit<AddedToken, 'id'>[] {
  const content = contentOf(value)
  return content === undefined ? [] : [{ ...(typeof value === 'object' ? value : {}), content, special: true }]
}

function contentOf(value: unknown): string | undefined {
  const content = typeof value === 'object' && value !== null ? (value as { content?: unknown }).content : value
  return typeof content === 'string' ? content : undefined
}

function byNumber(decoder: Json): readonly unknown[] {
  return Object.entries(decoder)
    .toSorted(([a], [b]) => Number(a) - Number(b))
    .map(([, value]) => value)
}

function vocabularyOf(definition: Json): ReadonlyMap<string, number> {
  const { vocab = {} } = (definition['model'] ?? {}) as { vocab?: Record<string, number> | [string, number][] }
  return new Map(Array.isArray(vocab) ? vocab.map(([token], id) => [token, id] as const) : Object.entries(vocab))
}

function presumedTokens(directory: string, config: Json, definition: Json): Readonly<Record<string, string>> {
  const named = typeof config['tokenizer_class'] === 'string' ? config['tokenizer_class'].replace(/Fast$/, '') : undefined
  const model = named === undefined ? readOptionalJsonFile(join(directory, 'config.json'))?.['model_type'] : undefined
  const kind = named ?? CLASS_OF_MODEL[String(model)] ?? ''
  const presumed = Object.hasOwn(PRESUMED, kind) ? (PRESUMED[kind] ?? {}) : {}
  // A Llama of the third generation has the class's name and another vocabulary: transformers takes no class for it.
  return presumed === LLAMA && JSON.stringify(definition['pre_tokenizer'] ?? null).includes('"ByteLevel"') ? {} : presumed
}
