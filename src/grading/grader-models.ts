/**
 * @file The models that graders ask: opened when first asked, one at a time for each reference, closed together. Answers are cached as those of every
 * other model are, so that grading again asks no judge.
 */
import type { Completion } from '../eval/completion.ts'
import type { GraderModels, JudgeRequest } from '../eval/grader.ts'
import { openEmbedder } from '../model/embed/open-embedder.ts'
import type { Embedder } from '../model/embed/open-embedder.ts'
import { openModel } from '../model/open-model.ts'
import type { CacheMode, OpenedModel } from '../model/open-model.ts'

export interface GraderModelsOptions {
  /** What is kept of the answers on disk. Default auto. */
  readonly cache?: CacheMode | undefined
  /** Device of models on the embedded engine. Default cpu. */
  readonly device?: 'cpu' | 'webgpu' | undefined
}

/** Models for graders; to be closed when nothing is graded any more. */
export interface OpenGraderModels extends GraderModels {
  close(): Promise<void>
}

/** Opens nothing until a grader asks. Closing it twice is harmless. */
export function createGraderModels(options: GraderModelsOptions = {}): OpenGraderModels {
  const models = new Map<string, Promise<OpenedModel>>()
  const embedders = new Map<string, Promise<Embedder>>()
  return {
    complete: async (reference, request) => answerOf(await once(models, reference, () => openModel(reference, options)), request),
    embed: async (reference, texts) => await (await once(embedders, reference, () => openEmbedder(reference, options))).embed(texts),
    close: async () => {
      const open = [...models.values(), ...embedders.values()]
      models.clear()
      embedders.clear()
      for (const one of await Promise.allSettled(open)) if (one.status === 'fulfilled') await one.value.close()
    },
  }
}

/** One opening for each reference. One that failed is not tried for every case again. */
function once<T>(open: Map<string, Promise<T>>, reference: string, start: () => Promise<T>): Promise<T> {
  const found = open.get(reference) ?? start()
  open.set(reference, found)
  return found
}

async function answerOf({ model }: OpenedModel, { messages, sampling, seed, jsonSchema }: JudgeRequest): Promise<Completion> {
  const [group] = await model.generate([{ messages, seeds: [seed], jsonSchema }], sampling)
  return group?.[0] ?? { text: '', tokenIds: [], logProbs: null, finishReason: 'error' }
}
