/**
 * @file A limit of time for a tokenizer whose tokenizer.json brings regular expressions of its own: one that tries every path would never end. The
 * expressions of the published families are known to end and cost nothing here.
 */
import { RunawayStopped, stopRunaway } from '../../base/stop-runaway.ts'
import { TokenizerRunawayError } from '../errors.ts'

const BASE_LIMIT_MS = 5_000
/** Ten thousand characters a second: a hundredth of what the slowest tokenizer does. */
const LIMIT_MS_PER_CHARACTER = 0.1

const CONTRACTIONS = "(?i:'s|'t|'re|'ve|'m|'ll|'d)"
const CAPITALISED = String.raw`[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+`
const CAPITALS = String.raw`[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*`
const SPACES = String.raw`\s*[\r\n]+|\s+(?!\S)|\s+`
/** GPT-2 and SmolLM, Llama 3, Qwen 2 and 3, gpt-oss and Llama 4, Mistral's Tekken, DeepSeek, the bundled model, and what stands in many. */
const KNOWN: ReadonlySet<string> = new Set([
  String.raw`'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`,
  String.raw`${CONTRACTIONS}|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|${SPACES}`,
  String.raw`${CONTRACTIONS}|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|${SPACES}`,
  String.raw`${CAPITALISED}${CONTRACTIONS}?|${CAPITALS}${CONTRACTIONS}?|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|${SPACES}`,
  String.raw`${CAPITALISED}|${CAPITALS}|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|${SPACES}`,
  '[!"#$%&\'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|[^\\r\\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+| ?[\\p{P}\\p{S}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+',
  String.raw`\d|[A-Za-z]+|[^A-Za-z0-9\s]+ ?(?:[^A-Za-z0-9\s]+ ?)*|\s`,
  ...[
    String.raw`\d`,
    String.raw`\d{1,3}`,
    String.raw`\p{N}`,
    String.raw`\p{N}{1,3}`,
    '[0-9]',
    String.raw`[\r\n]`,
    String.raw`\s+`,
    ' {2,}',
    ' ',
  ],
])

/** Runs work on a text of so many characters. @throws TokenizerRunawayError */
export type TimeLimit = <T>(characters: number, work: () => T) => T

/** For the expressions of a tokenizer.json at `path`. */
export function tokenizerDeadline(path: string, definition: Readonly<Record<string, unknown>>): TimeLimit {
  const { normalizer, pre_tokenizer: splitter, decoder } = definition
  if (expressionsOf([normalizer, splitter, decoder]).every((one) => KNOWN.has(one))) return (_, work) => work()
  return (characters, work) => {
    try {
      return stopRunaway(work, Math.ceil(BASE_LIMIT_MS + characters * LIMIT_MS_PER_CHARACTER))
    } catch (cause) {
      if (!(cause instanceof RunawayStopped)) throw cause
      throw new TokenizerRunawayError({ path, problem: `a regular expression of the tokenizer was ${cause.message}` }, { cause })
    }
  }
}

/** Every `{"Regex": "…"}` of a part of the definition. */
function expressionsOf(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, child]) => (key === 'Regex' && typeof child === 'string' ? [child] : expressionsOf(child)))
}
