/**
 * @file Runs cases through a model and an eval's graders into the ledger, in fixed chunks: a killed grading goes on at its first incomplete chunk
 * and ends with the same bytes; answers that came over a network are not asked again. It decides nothing from the grades.
 */
import { caseHash } from '../eval/case-hashes.ts'
import type { Case } from '../eval/case.ts'
import type { Eval } from '../eval/eval.ts'
import type { GraderModels, GradingProfile } from '../eval/grader.ts'
import type { GradeRecord, GradingPurpose } from '../ledger/grade-record.ts'
import { openGradeFile, writeAskedCases } from '../ledger/grade-file.ts'
import type { GenerateProgress, Model } from '../model/model.ts'
import { answerChunks } from './answer-chunks.ts'
import { openAnswerJournal } from './answer-journal.ts'
import type { OnFailure } from './failure-teller.ts'
import { gradeChunk } from './grade-chunk.ts'
import { askedCase, prepareCase, sharedFields } from './grade-record-of.ts'
import type { GradingSetup } from './grade-record-of.ts'
import type { GradingContext } from './grading-context.ts'
import { GradingProgress } from './grading-progress.ts'
import { identifyGrading } from './identify-grading.ts'
import { RecordBatches } from './record-batches.ts'
import { completeRecords, readRecordedGrades } from './recorded-grades.ts'

/** Prompts in a chunk: enough to keep a batch of 32 full, few enough that a kill loses seconds. */
export const DEFAULT_CHUNK_SIZE = 160

/** What to grade, with what, and where the grades go. */
export interface GradeCasesOptions {
  readonly eval: Eval
  /** In the order in which they are asked; the chunks are a pure function of it. */
  readonly cases: readonly Case[]
  readonly model: Model
  readonly purpose: GradingPurpose
  /** Completions per case. Default: the eval's. */
  readonly repeats?: number
  /** Default "eval". */
  readonly profile?: GradingProfile
  readonly context: GradingContext
  /** The JSONL file of grade records; what an earlier process wrote there is kept. */
  readonly ledgerFile: string
  /** A file for what all models are asked alike, by the hash of its content; without one each grade's line holds it. */
  readonly askedFile?: ((hash: string) => string) | undefined
  /** Prompts per chunk. Default 160. */
  readonly chunkSize?: number
  /** Models that graders may ask. Default: none. */
  readonly models?: GraderModels | undefined
  /** Called as completions arrive; `tokens` counts this process's tokens only. */
  readonly onProgress?: ((progress: GenerateProgress) => void) | undefined
  /** Called for each case without a completion, as soon as that is known. */
  readonly onFailure?: OnFailure | undefined
  /** Ends the grading: after the answers under way of a model elsewhere, after the chunk under way of one on this machine. */
  readonly signal?: AbortSignal | undefined
}

/**
 * One record per case and repeat, in the order of the cases, all of them on disk when this returns.
 * @throws LedgerCorruptError, GradesChangedError, DiskFullError, whatever the model throws, and the signal's reason
 */
export async function gradeCases(options: GradeCasesOptions): Promise<readonly GradeRecord[]> {
  const journal = openAnswerJournal(options.model, options.ledgerFile)
  try {
    const records = await gradeChunks({ ...options, model: journal.model })
    await journal.close()
    journal.remove()
    return records
  } finally {
    await journal.close()
  }
}

async function gradeChunks(options: GradeCasesOptions): Promise<readonly GradeRecord[]> {
  const setup = prepareAll(await setupOf(options), options)
  const shared = sharedFields(setup)
  const asked = options.askedFile === undefined ? undefined : writeAskedCases((setup.prepared ?? []).map(askedCase), options.askedFile)
  const file = await openGradeFile(options.ledgerFile, {
    grading: shared,
    firstCount: setup.chunkSize * setup.repeats,
    keep: (count) => completeRecords(setup, count),
    asked,
  })
  const batches = new RecordBatches(file)
  try {
    const records = await readRecordedGrades(options.ledgerFile, file, { setup, shared })
    const total = setup.cases.length * setup.repeats
    const progress = new GradingProgress({ done: records.length, total, tell: options.onProgress })
    const { onFailure, signal } = options
    for await (const chunk of answerChunks(setup, records.length / setup.repeats, { progress, onFailure, signal })) {
      const graded = await gradeChunk(setup, shared, chunk)
      const lost = options.models?.lost?.() ?? null
      if (lost !== null) throw lost
      batches.add(graded)
      for (const record of graded) records.push(record)
      progress.finish(chunk.start, graded)
    }
    return records
  } finally {
    // Where the model failed, too: what was graded before is kept.
    try {
      batches.flush()
    } finally {
      file.close()
    }
  }
}

/** Where all models of a run are asked alike, what that is must be known before the first is asked. */
function prepareAll(setup: GradingSetup, { askedFile }: GradeCasesOptions): GradingSetup {
  return askedFile === undefined ? setup : { ...setup, prepared: setup.cases.map((_, index) => prepareCase(setup, index)) }
}

async function setupOf(options: GradeCasesOptions): Promise<GradingSetup> {
  const { eval: definition, cases, model, purpose, context, models } = options
  const repeats = options.repeats ?? definition.repeats
  const chunkSize = options.chunkSize ?? DEFAULT_CHUNK_SIZE
  const profile = options.profile ?? 'eval'
  const caseHashes = cases.map(caseHash)
  return {
    eval: definition,
    cases,
    model,
    purpose,
    profile,
    sampling: definition.sampling,
    repeats,
    chunkSize,
    context,
    grading: await identifyGrading(definition, models),
    caseHashes,
    models,
  }
}
