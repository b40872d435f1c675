/**
 * @file What an interrupted grading left: its complete chunks, checked to be answers to the questions that are asked now.
 */
import { canonicalJson } from '../base/json.ts'
import { quoteUntrusted } from '../base/untrusted-text.ts'
import type { Case } from '../eval/case.ts'
import { GradesChangedError } from '../ledger/errors.ts'
import { readGradeRecords, type GradeFile } from '../ledger/grade-file.ts'
import type { GradingFields } from '../ledger/grade-lines.ts'
import type { GradeRecord } from '../ledger/grade-record.ts'
import { prepareCase } from './grade-record-of.ts'
import type { GradingSetup } from './grade-record-of.ts'

/** How many of so many records belong to complete chunks. */
export function completeRecords(setup: GradingSetup, recordCount: number): number {
  const total = setup.cases.length * setup.repeats
  const perChunk = setup.chunkSize * setup.repeats
  return recordCount >= total ? total : Math.floor(recordCount / perChunk) * perChunk
}

/**
 * The first `count` records of a ledger file.
 * @throws GradesChangedError when one was given under other conditions, LedgerCorruptError
 */
export async function readRecordedGrades(
  path: string,
  { recordCount: count, headerLines }: Pick<GradeFile, 'recordCount' | 'headerLines'>,
  expected: { readonly setup: GradingSetup; readonly shared: GradingFields },
): Promise<GradeRecord[]> {
  const records: GradeRecord[] = []
  if (count === 0) return records
  for await (const record of readGradeRecords(path)) {
    const difference = differenceOf(record, records.length, expected)
    if (difference !== null) throw new GradesChangedError({ path, line: headerLines + records.length + 1, difference })
    if (records.push(record) === count) break
  }
  return records
}

function differenceOf(
  record: GradeRecord,
  index: number,
  { setup, shared }: { readonly setup: GradingSetup; readonly shared: GradingFields },
): string | null {
  const repeat = index % setup.repeats
  const prepared = prepareCase(setup, Math.floor(index / setup.repeats))
  const { row } = prepared
  if (record.suiteHash !== shared.suiteHash) return 'the suite changed'
  // What all records share comes first: with other repeats the cases stand at other indices.
  const changed = changedHash(record, shared.hashes)
  if (changed !== null) return changed
  if (record.caseId !== row.id || record.repeat !== repeat) return 'the cases or their order changed'
  if (record.seed !== prepared.seeds[repeat]) return 'the seed changed'
  const label = (['cluster', 'tags', 'twinOf'] as const).find((name) => canonicalJson(record[name]) !== canonicalJson(labelOf(row, name)))
  if (label !== undefined) return `"${label}" of case ${quoteUntrusted(row.id)} changed`
  if (record.pass !== (record.reward === null ? null : record.reward >= record.passThreshold))
    return `case ${quoteUntrusted(row.id)} has a pass that does not follow from its reward`
  return changedHash(record, prepared.hashes)
}

function changedHash({ hashes, caseId }: GradeRecord, wanted: Partial<GradeRecord['hashes']>): string | null {
  const changed = Object.entries(wanted).find(([name, hash]) => hashes[name as keyof typeof hashes] !== hash)
  return changed === undefined ? null : `the hash "${changed[0]}" of case ${JSON.stringify(caseId)} changed`
}

function labelOf(row: Case, name: 'cluster' | 'tags' | 'twinOf'): unknown {
  return row[name] ?? null
}
