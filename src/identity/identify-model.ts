/**
 * @file What identifies a model: its base, its adapter, how text becomes tokens, and how tokens are drawn. Caches, grades, pairings, servers and copies on
 * other machines all go by these hashes, so everything that can change a completion or a score stands in one of them. Where a file or a setting is left
 * out, this file says why.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { hashFile, hashJson, sha256 } from '../base/hash.ts'
import { canonicalJson } from '../base/json.ts'
import { baseFiles, tokenizerFiles, type HashedFile } from './model-files.ts'

/** What decides a model's output, besides prompt and sampling. Each member is a hash or a name that goes into every grade record. */
export interface ModelIdentity {
  /** `identifyBase` of its directory, or the server's model name with the fingerprint of its weights. */
  readonly base: string
  /** `identifyAdapter` of its directory; null for the base itself. */
  readonly adapter: string | null
  /** `identifyTokenizer` of its directory. */
  readonly tokenizer: string
  readonly precision: string
  readonly device: string
  /** Versions of what computes, threads and CPU kind. */
  readonly engine: string
  /** Token ids that end a completion; left out where a server decides. */
  readonly stopIds?: readonly number[] | undefined
  /** `identifyDecoder` of its directory; left out where a server writes the text. */
  readonly decoder?: string | undefined
}

/**
 * The base of a model directory: configuration, stop tokens and weights, 64 hexadecimal characters. `weights` are its weight files, which the caller
 * has read anyway.
 */
export function identifyBase(directory: string, weights: readonly HashedFile[]): string {
  return sha256(canonicalJson([...baseFiles(directory), ...weights]))
}

/** Settings of how a model directory's text becomes tokens, besides its files. */
export interface TokenizerSettings {
  readonly thinking: 'on' | 'off' | null
  /** The moment that templates are told it is. */
  readonly clock: string
}

/** How a model directory makes tokens of conversations and text of tokens: its files and the settings, 16 hexadecimal characters. */
export function identifyTokenizer(directory: string, settings: TokenizerSettings): string {
  return hashJson([tokenizerFiles(directory), settings])
}

/** How token ids become text: the tokenizer without what makes prompts. 16 hexadecimal characters. */
export function identifyDecoder(definition: unknown, config: Readonly<Record<string, unknown>>): string {
  const { chat_template: _template, ...rest } = config
  return hashJson([definition, rest])
}

const ADAPTER_WEIGHTS = 'adapter_model.safetensors'
const ADAPTER_CONFIG = 'adapter_config.json'
/**
 * Settings of adapter_config.json that say where an adapter came from or matter to its training alone. The base that an adapter is put on has a hash of
 * its own, wherever it lies.
 */
const WITHOUT_EFFECT: ReadonlySet<string> = new Set([
  'auto_mapping',
  'base_model_name_or_path',
  'inference_mode',
  'lora_dropout',
  'peft_version',
  'revision',
  'task_type',
])

/** An adapter directory in PEFT's form: its matrices and every setting that says how they are applied, 64 hexadecimal characters. */
export async function identifyAdapter(directory: string): Promise<string> {
  const weights = join(directory, ADAPTER_WEIGHTS)
  return sha256(canonicalJson([existsSync(weights) ? await hashFile(weights) : null, adapterSettings(join(directory, ADAPTER_CONFIG))]))
}

/** Its text where it is no JSON object: whoever loads it says what is wrong. */
function adapterSettings(path: string): unknown {
  if (!existsSync(path)) return null
  const text = readFileSync(path, 'utf8')
  try {
    const config: unknown = JSON.parse(text)
    if (typeof config !== 'object' || config === null || Array.isArray(config)) return text
    return Object.fromEntries(Object.entries(config).filter(([name]) => !WITHOUT_EFFECT.has(name)))
  } catch {
    return text
  }
}

/** How a call is put together: numbers may depend on it in their last digits. */
export interface CallMakeUp {
  readonly chunkSize: number
  readonly repeats: number
}

/** Everything between rendered tokens and a completion's text, the weights aside, 16 hexadecimal characters. */
export function identifyDecoding(model: ModelIdentity, drawn: { readonly sampling: unknown; readonly makeUp: CallMakeUp }): string {
  const { precision, device, engine, stopIds = null, decoder = null } = model
  return hashJson({ ...drawn, precision, device, engine, stopIds, decoder })
}
