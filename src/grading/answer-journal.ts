/**
 * @file Keeps each answer of a model elsewhere on disk as it arrives, beside the file of grades that it is for, until they are all graded. It is for the
 * continuation of this one grading only: unlike a cache it asks nothing of how the weights can be told.
 */
import { rmSync } from 'node:fs'
import { createCachedModel } from '../model/cache/cached-model.ts'
import type { Model } from '../model/model.ts'

/** A model whose answers are kept. */
export interface AnswerJournal {
  readonly model: Model
  /** The grading is at its end: nothing needs to be kept any more. */
  remove(): void
  /** Leaves what was kept for the next time. */
  close(): Promise<void>
}

/** Where the answers lie that are not graded yet. */
export function journalDirectory(ledgerFile: string): string {
  return `${ledgerFile}.answers`
}

/** Answers of a cache are on disk already, and those of a model on this machine depend on their whole chunk: neither is kept a second time. */
export function openAnswerJournal(model: Model, ledgerFile: string): AnswerJournal {
  const root = journalDirectory(ledgerFile)
  const remove = (): void => rmSync(root, { recursive: true, force: true })
  if (model.remote !== true || model.uncached !== undefined) return { model, remove, close: () => Promise.resolve() }
  const journalled = createCachedModel({
    model: { ...model, close: () => Promise.resolve() },
    conditions: model.identity,
    unit: 'completion',
    root,
  })
  return { model: journalled, remove, close: () => journalled.close() }
}
