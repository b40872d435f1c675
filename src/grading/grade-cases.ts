/**
 * @file Runs cases through a model and an eval's graders into the ledger, in fixed chunks: a killed grading goes on at its first incomplete chunk
 * and ends with the same bytes. It decides nothing from the grades.
 */
import { InternalError } from '../base/errors.ts'
import type { Case } from '../eval/case.ts'
import type { Eval } from '../eval/eval.ts'
import type { GradingProfile } from '../eval/grader.ts'
import type { GradeRecord, GradingPurpose } from '../ledger/grade-record.ts'
import { openRecordLog } from '../ledger/record-log.ts'
import type { RecordLog } from '../ledger/record-log.ts'
import type { GenerateProgress, Model } from '../model/model.ts'
import { gradeCompletion } from './grade-completion.ts'
import { gradeRecordOf, prepareCase, sharedFields } from './grade-record-of.ts'
import type { GradingSetup, SharedFields } from './grade-record-of.ts'
import type { GradingContext } from './grading-context.ts'
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
  /** Prompts per chunk. Default 160. */
  readonly chunkSize?: number
  /** Called as completions arrive; `tokens` counts this process's tokens only. */
  readonly onProgress?: (progress: GenerateProgress) => void
}

/**
 * One record per case and repeat, in the order of the cases, all of them on disk when this returns.
 * @throws LedgerCorruptError, GradesChangedError, DiskFullError, and whatever the model throws
 */
export async function gradeCases(options: GradeCasesOptions): Promise<readonly GradeRecord[]> {
  const setup = setupOf(options)
  const shared = sharedFields(setup)
  let lineCount = 0
  const log = await openRecordLog(options.ledgerFile, (count) => (lineCount = completeRecords(setup, count)))
  try {
    const records = await readRecordedGrades(options.ledgerFile, lineCount, { setup, shared })
    let tokens = 0
    for (let start = records.length / setup.repeats; start < setup.cases.length; start += setup.chunkSize) {
      const chunk = setup.cases.slice(start, start + setup.chunkSize)
      const report = progressReporter(options, { done: records.length, tokens })
      const graded = await gradeChunk(setup, shared, { chunk, report })
      appendChunk(log, records, graded)
      for (const record of graded) tokens += record.tokenIds.length
      options.onProgress?.({ done: records.length, total: setup.cases.length * setup.repeats, tokens })
    }
    return records
  } finally {
    log.close()
  }
}

function setupOf(options: GradeCasesOptions): GradingSetup {
  const { eval: definition, cases, model, purpose, context } = options
  const repeats = options.repeats ?? definition.repeats
  const chunkSize = options.chunkSize ?? DEFAULT_CHUNK_SIZE
  return {
    eval: definition,
    cases,
    model,
    purpose,
    profile: options.profile ?? 'eval',
    sampling: definition.sampling,
    repeats,
    chunkSize,
    context,
  }
}

async function gradeChunk(
  setup: GradingSetup,
  shared: SharedFields,
  work: { readonly chunk: readonly Case[]; readonly report: (progress: GenerateProgress) => void },
): Promise<GradeRecord[]> {
  const prepared = work.chunk.map((row) => prepareCase(setup, row))
  const prompts = prepared.map(({ messages, seeds }) => ({ messages, seeds }))
  const completions = await setup.model.generate(prompts, setup.sampling, work.report)
  const records: GradeRecord[] = []
  for (const [index, asked] of prepared.entries()) {
    const answers = completions[index] ?? []
    if (answers.length !== setup.repeats)
      throw new InternalError(`A model gave ${answers.length} completions for ${setup.repeats} seeds`, 'gradeCases')
    for (const [repeat, completion] of answers.entries()) {
      const grade = await gradeCompletion(setup.eval, asked.row, { completion, profile: setup.profile })
      records.push(gradeRecordOf(shared, { prepared: asked, repeat }, { completion, grade }))
    }
  }
  return records
}

function appendChunk(log: RecordLog, records: GradeRecord[], graded: readonly GradeRecord[]): void {
  log.append(graded)
  for (const record of graded) records.push(record)
}

function progressReporter(
  options: GradeCasesOptions,
  before: { readonly done: number; readonly tokens: number },
): (progress: GenerateProgress) => void {
  const total = options.cases.length * (options.repeats ?? options.eval.repeats)
  return ({ done, tokens }) => options.onProgress?.({ done: before.done + done, total, tokens: before.tokens + tokens })
}
