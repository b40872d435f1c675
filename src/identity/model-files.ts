/**
 * @file The files of a model directory that can change what it answers: which there are, and what each contributes to an identity. It reads bytes and
 * knows nothing of what they mean.
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { sha256 } from '../base/hash.ts'

/** Name of a file, relative to its directory, and the SHA-256 of its bytes in hexadecimal. */
export type HashedFile = readonly [name: string, sha256: string]

/** Architecture, stop tokens, defaults of generation, and which file holds which weights. */
const BASE_FILES = ['config.json', 'generation_config.json', 'model.safetensors.index.json'] as const

/** Text to tokens and back, special tokens, templates. */
const TOKENIZER_FILES = [
  'added_tokens.json',
  'chat_template.jinja',
  'chat_template.json',
  'special_tokens_map.json',
  'tokenizer.json',
  'tokenizer_config.json',
] as const
/** Tokenizers are the largest, at some tens of megabytes. */
const LARGEST_BYTES = 1 << 30
const TEMPLATE_FOLDER = 'additional_chat_templates'

/** The files besides the weights that decide how a model computes. */
export function baseFiles(directory: string): readonly HashedFile[] {
  return hashPresent(directory, BASE_FILES)
}

/** The files that decide which tokens a conversation becomes, and which text tokens become. */
export function tokenizerFiles(directory: string): readonly HashedFile[] {
  const folder = join(directory, TEMPLATE_FOLDER)
  const templates = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.jinja')) : []
  return hashPresent(directory, [...TOKENIZER_FILES, ...templates.toSorted().map((name) => `${TEMPLATE_FOLDER}/${name}`)])
}

function hashPresent(directory: string, names: readonly string[]): readonly HashedFile[] {
  return names.flatMap((name) => {
    const path = join(directory, name)
    const found = statSync(path, { throwIfNoEntry: false })
    if (found === undefined) return []
    // What is no file, or too large to be one of these, is refused by whoever opens the model; it must not hang or fill memory here.
    const isReadable = found.isFile() && found.size <= LARGEST_BYTES
    return [[name, isReadable ? sha256(readFileSync(path)) : `not a file of ${found.size} bytes`] as const]
  })
}
