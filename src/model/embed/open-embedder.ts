/**
 * @file Opens a model that turns texts into vectors: a model directory or hub id on the embedded engine, or a server with /v1/embeddings.
 */
import { openChatAccess } from '../chat/open-chat-model.ts'
import { isServerReference } from '../chat/server-reference.ts'
import { openModel } from '../open-model.ts'
import type { OpenModelOptions } from '../open-model.ts'
import { remembering } from './embedder.ts'
import type { Embedder } from './embedder.ts'
import { createLocalEmbedder } from './local-embedder.ts'
import { createServerEmbedder } from './server-embedder.ts'

/** @throws the errors of opening models and servers */
export async function openEmbedder(reference: string, options: Pick<OpenModelOptions, 'device' | 'threads'> = {}): Promise<Embedder> {
  if (isServerReference(reference)) return remembering(createServerEmbedder(await openChatAccess(reference)))
  const opened = await openModel(reference, { ...options, cache: 'off' })
  return remembering(createLocalEmbedder(opened))
}
