/**
 * @file The models that graders ask: opened when first asked, one at a time for each reference, closed together. Answers are cached as those of every
 * other model are, so that grading again asks no judge.
 */
import { join } from 'node:path'
import { isHoldfastError } from '../base/errors.ts'
import { hashJson } from '../base/hash.ts'
import type { Completion } from '../eval/completion.ts'
import type { GraderModels, JudgeRequest } from '../eval/grader.ts'
import { isServerReference } from '../model/chat/server-reference.ts'
import { openEmbedder } from '../model/embed/open-embedder.ts'
import type { Embedder } from '../model/embed/embedder.ts'
import { identifyReference } from '../model/identify-reference.ts'
import { openModel } from '../model/open-model.ts'
import type { CacheMode, OpenedModel } from '../model/open-model.ts'
import { journalDirectory, openAnswerJournal } from './answer-journal.ts'

export interface GraderModelsOptions {
  /** What is kept of the answers on disk. Default auto. */
  readonly cache?: CacheMode | undefined
  /** Device of models on the embedded engine. Default cpu. */
  readonly device?: 'cpu' | 'webgpu' | undefined
  /** Folder of what is graded: there the answers are kept that a cache does not keep, until the folder goes. Asked when a model is opened. */
  readonly journal?: (() => string | null) | undefined
}

/** What only time or money mends: every other case would end the same way. */
const LASTING = ['SERVER_QUOTA_EXHAUSTED', 'SERVER_PAUSE_TOO_LONG', 'SERVER_BUSY']

/** Models for graders; to be closed when nothing is graded any more. */
export interface OpenGraderModels extends GraderModels {
  close(): Promise<void>
}

/** Opens nothing until a grader asks. Closing it twice is harmless. */
export function createGraderModels(options: GraderModelsOptions = {}): OpenGraderModels {
  const models = new Map<string, Promise<OpenedModel>>()
  const embedders = new Map<string, Promise<Embedder>>()
  const hashes = new Map<string, Promise<string>>()
  let lost: Error | null = null
  const noteLost = (error: unknown): never => {
    if (isHoldfastError(error) && LASTING.includes(error.code)) lost ??= error
    throw error
  }
  return {
    complete: async (reference, request) => {
      const opened = once(models, reference, () => openKept(reference, options))
      return await opened.then((model) => answerOf(model, request)).catch(noteLost)
    },
    embed: async (reference, texts) => {
      const opened = once(embedders, reference, () => openEmbedder(reference, options))
      return await opened.then((embedder) => embedder.embed(texts)).catch(noteLost)
    },
    lost: () => lost,
    identify: async (reference) => {
      try {
        if (!isServerReference(reference)) return await once(hashes, reference, () => identifyReference(reference))
        return hashJson((await once(models, reference, () => openKept(reference, options))).model.identity)
      } catch {
        // Its graders say why, case by case.
        return null
      }
    },
    close: async () => {
      const open = [...models.values(), ...embedders.values()]
      models.clear()
      embedders.clear()
      for (const one of await Promise.allSettled(open)) if (one.status === 'fulfilled') await one.value.close()
    },
  }
}

async function openKept(reference: string, options: GraderModelsOptions): Promise<OpenedModel> {
  const opened = await openModel(reference, options)
  const folder = options.journal?.() ?? null
  if (folder === null) return opened
  const journal = openAnswerJournal(opened.model, join(folder, JUDGES))
  const close = async (): Promise<void> => {
    await journal.close()
    await opened.close()
  }
  return { ...opened, model: journal.model, close }
}

/** Where the answers of judges are kept in the folder of what is graded. */
export function judgesJournal(folder: string): string {
  return journalDirectory(join(folder, JUDGES))
}

const JUDGES = 'judges'

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
