/**
 * @file Opens a model that turns texts into vectors: a model directory or hub id on the embedded engine, or a server with /v1/embeddings.
 */
import { openChatAccess } from '../chat/open-chat-model.ts'
import { isServerReference } from '../chat/server-reference.ts'
import { openModel } from '../open-model.ts'
import type { OpenedModel, OpenModelOptions } from '../open-model.ts'
import { remembering } from './embedder.ts'
import type { Embedder } from './embedder.ts'
import { createServerEmbedder } from './server-embedder.ts'

/** @throws the errors of opening models and servers */
export async function openEmbedder(reference: string, options: Pick<OpenModelOptions, 'device' | 'threads'> = {}): Promise<Embedder> {
  if (isServerReference(reference)) return remembering(createServerEmbedder(await openChatAccess(reference)))
  const opened = await openModel(reference, { ...options, cache: 'off' })
  return remembering(createLocalEmbedder(opened))
}

/**
 * An embedder over an open whole model: the mean of the hidden states of the text's own tokens, without a chat template. A text beyond the
 * model's positions is cut, an empty one is a vector of zeros.
 */
function createLocalEmbedder({ embedded, close }: Pick<OpenedModel, 'embedded' | 'close'>): Embedder {
  return {
    embed: async (texts) => {
      if (embedded === null) return texts.map(() => new Float32Array())
      const { engine, tokenizer } = embedded
      const { hiddenSize, maxPositions } = engine.model
      const sequences = texts.map((text) => tokenizer.encode(text, { plainText: true }).subarray(0, maxPositions - 1))
      const whole = sequences.filter((ids) => ids.length > 0)
      const vectors = (whole.length === 0 ? [] : await engine.embed({ weights: null, sequences: whole })).values()
      return sequences.map((ids) => (ids.length === 0 ? new Float32Array(hiddenSize) : (vectors.next().value as Float32Array)))
    },
    close,
  }
}
