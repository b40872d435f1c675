/**
 * @file Texts to vectors on the embedded engine: the mean of the hidden states of the text's own tokens, without a chat template.
 */
import type { OpenedModel } from '../open-model.ts'
import type { Embedder } from './embedder.ts'

/** An embedder over an open whole model; a text beyond the model's positions is cut, an empty one is a vector of zeros. */
export function createLocalEmbedder({ embedded, close }: Pick<OpenedModel, 'embedded' | 'close'>): Embedder {
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
