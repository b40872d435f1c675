/**
 * @file Whether a model whose config.json says that its output head is its embedding really has one matrix for both. Where the file holds two that
 * differ, the head is a head of its own; where it holds the head alone, that is the embedding too.
 * Source: PreTrainedModel.tie_weights of Hugging Face transformers 5.
 */
import { EMBEDDING_WEIGHT, type LlamaConfig } from '../architecture/llama-config.ts'
import type { ExternalTensor } from '../graph/graph.ts'
import type { Checkpoint } from './checkpoint.ts'

const HEAD_WEIGHT = 'lm_head.weight'

/** A configuration and weights that agree about the head. */
export interface HeadedModel {
  readonly config: LlamaConfig
  readonly checkpoint: Checkpoint
}

/** Nothing changes for a model whose head is declared to be its own. */
export function settleTiedHead({ config, checkpoint }: HeadedModel): HeadedModel {
  const [embedding, head] = [checkpoint.tensors.get(EMBEDDING_WEIGHT), checkpoint.tensors.get(HEAD_WEIGHT)]
  if (!config.tiedEmbeddings || head === undefined) return { config, checkpoint }
  if (embedding === undefined) return { config, checkpoint: withEmbedding(checkpoint, head) }
  return { config: { ...config, tiedEmbeddings: isEqual(checkpoint, embedding, head) }, checkpoint }
}

function withEmbedding(checkpoint: Checkpoint, head: ExternalTensor): Checkpoint {
  return {
    ...checkpoint,
    tensors: new Map([...checkpoint.tensors, [EMBEDDING_WEIGHT, head]]),
    read: (name) => checkpoint.read(name === EMBEDDING_WEIGHT ? HEAD_WEIGHT : name),
  }
}

function isEqual(checkpoint: Checkpoint, embedding: ExternalTensor, head: ExternalTensor): boolean {
  if (embedding.shape.join() !== head.shape.join()) return false
  if (embedding.type === head.type) return bytesOf(checkpoint, embedding).equals(bytesOf(checkpoint, head))
  const [left, right] = [checkpoint.read(EMBEDDING_WEIGHT), checkpoint.read(HEAD_WEIGHT)]
  return left.every((value, at) => value === right[at])
}

function bytesOf({ externalData }: Checkpoint, { location, offsetBytes, lengthBytes }: ExternalTensor): Buffer {
  const file = externalData.find(({ path }) => path === location)
  return (file?.data ?? Buffer.alloc(0)).subarray(offsetBytes, offsetBytes + lengthBytes)
}
