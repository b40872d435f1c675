/**
 * @file Opens what estimates need of a base model: config.json and the tokenizer. No weight is read, and of a hub id none is downloaded.
 */
import { existsSync } from 'node:fs'
import { isAbsolute, join, resolve } from 'node:path'
import { downloadHubFiles } from '../base/download-hub-files.ts'
import { readJsonFile } from '../engine/checkpoint/read-json-file.ts'
import { openTokenizer } from '../engine/tokenizer/tokenizer.ts'
import type { Message } from '../eval/completion.ts'
import { ModelNotFoundError } from '../model/errors.ts'
import { modelFiguresOf, type ModelFigures } from './model-figures.ts'

/** How many tokens a text is. */
export interface TokenCounter {
  /** A rendered prompt. */
  prompt(messages: readonly Message[]): number
  /** An answer with the token that ends it. */
  answer(text: string): number
}

/** A base model as far as estimates need it. */
export interface EstimateBase {
  readonly name: string
  readonly figures: ModelFigures
  readonly counter: TokenCounter
  /** Whether the counts are the tokenizer's, or characters divided by four. */
  readonly isCounted: boolean
  /** Positions that config.json names; null where it names none. */
  readonly maxPositions: number | null
}

const HUB_ID = /^(?<name>[\w.-]+(?:\/[\w.-]+)?)(?:@(?<revision>[\w./-]+))?$/
const SMALL_FILE = /^(?:additional_chat_templates\/)?[\w.-]+\.(?:json|jinja)$/
const CHARACTERS_PER_TOKEN = 4

/**
 * Reads a model directory, or the small files of a hub id.
 * @throws ModelNotFoundError, ModelFileMissingError, ModelConfigError, TokenizerInvalidError, and the errors of downloading
 */
export async function openEstimateBase(
  reference: string,
  options: { readonly thinking?: 'on' | 'off' | null } = {},
): Promise<EstimateBase> {
  const directory = await findDirectory(reference)
  const config = join(directory, 'config.json')
  const json = readJsonFile(config, 'configuration')
  const figures = modelFiguresOf(config, json)
  const named = json['max_position_embeddings']
  const isCounted = existsSync(join(directory, 'tokenizer.json'))
  const counter = isCounted ? tokenCounter(directory, options.thinking ?? null) : ROUGH_COUNTER
  return { name: reference, figures, counter, isCounted, maxPositions: typeof named === 'number' ? named : null }
}

/** Counts by the length of the text: for models without a tokenizer.json. */
export const ROUGH_COUNTER: TokenCounter = {
  prompt: (messages) => roughCount(messages.map((message) => message.content).join('\n')),
  answer: (text) => roughCount(text) + 1,
}

function roughCount(text: string): number {
  return Math.ceil(text.length / CHARACTERS_PER_TOKEN)
}

function tokenCounter(directory: string, thinking: 'on' | 'off' | null): TokenCounter {
  const tokenizer = openTokenizer(directory, { thinking })
  return {
    prompt: remembering(new WeakMap(), (messages) => tokenizer.renderChat(messages, { addGenerationPrompt: true }).ids.length),
    answer: remembering(new Map(), (text) => tokenizer.encode(text, { plainText: true }).length + 1),
  }
}

/** The same prompts are counted for every arm and checkpoint. */
function remembering<Key>(
  known: { get(key: Key): number | undefined; set(key: Key, value: number): unknown },
  count: (key: Key) => number,
): (key: Key) => number {
  return (key) => {
    const before = known.get(key)
    if (before !== undefined) return before
    const counted = count(key)
    known.set(key, counted)
    return counted
  }
}

async function findDirectory(reference: string): Promise<string> {
  const path = resolve(reference)
  if (existsSync(path)) return path
  const { name, revision = 'main' } = HUB_ID.exec(reference)?.groups ?? {}
  if (name === undefined || isAbsolute(reference) || reference.startsWith('.'))
    throw new ModelNotFoundError({ reference, reason: 'no such directory' })
  return downloadHubFiles({ type: 'model', name, revision }, (file) => SMALL_FILE.test(file))
}
