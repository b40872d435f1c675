/**
 * @file Opens a model that turns texts into vectors: a model directory or hub id on the embedded engine, or a server with /v1/embeddings.
 */
import { openChatAccess } from '../chat/open-chat-model.ts'
import { isServerReference } from '../chat/server-reference.ts'
import { openModel } from '../open-model.ts'
import type { OpenModelOptions } from '../open-model.ts'
import { createLocalEmbedder } from './local-embedder.ts'
import { createServerEmbedder } from './server-embedder.ts'

/** Gives one vector of length 1 for each text; texts that were seen before cost nothing. */
export interface Embedder {
  embed(texts: readonly string[]): Promise<readonly Float32Array[]>
  close(): Promise<void>
}

/** Vectors that are kept: most comparisons are with the same few expected texts. */
const KEPT = 10_000

/** @throws the errors of opening models and servers */
export async function openEmbedder(reference: string, options: Pick<OpenModelOptions, 'device' | 'threads'> = {}): Promise<Embedder> {
  if (isServerReference(reference)) return remembering(createServerEmbedder(await openChatAccess(reference)))
  const opened = await openModel(reference, { ...options, cache: 'off' })
  return remembering(createLocalEmbedder(opened))
}

function remembering(embedder: Embedder): Embedder {
  const known = new Map<string, Promise<Float32Array>>()
  const one = (text: string): Promise<Float32Array> => {
    const found = known.get(text) ?? embedder.embed([text]).then(([vector]) => unit(vector ?? new Float32Array()))
    if (!known.has(text) && known.size < KEPT) known.set(text, found)
    found.catch(() => known.delete(text))
    return found
  }
  return { embed: (texts) => Promise.all(texts.map(one)), close: () => embedder.close() }
}

/** Scaled to length 1; a vector of zeros stays one. */
function unit(vector: Float32Array): Float32Array {
  const length = Math.hypot(...vector)
  return length > 0 ? vector.map((value) => value / length) : vector
}
