/**
 * @file Which format a file of cases has: its name says so. A name that says nothing is refused, never guessed.
 */
import { extname } from 'node:path'
import { displayPath } from '../../base/display-path.ts'
import { CasesFormatError } from '../errors.ts'

/** What is read. `json` is a list of rows, or lines of JSON that bear this ending. */
export type SourceFormat = 'jsonl' | 'json' | 'csv' | 'tsv' | 'parquet'

const FORMATS: Readonly<Record<string, SourceFormat>> = {
  '.jsonl': 'jsonl',
  '.ndjson': 'jsonl',
  '.jsonlines': 'jsonl',
  '.json': 'json',
  '.csv': 'csv',
  '.tsv': 'tsv',
  '.tab': 'tsv',
  '.parquet': 'parquet',
}

/** By the ending; with `.gz` behind it, by the one before. @throws CasesFormatError */
export function formatOf(path: string, evalName: string): SourceFormat {
  const packed = path.toLowerCase().endsWith('.gz')
  const ending = extname(packed ? path.slice(0, -3) : path).toLowerCase()
  const format = Object.hasOwn(FORMATS, ending) ? FORMATS[ending] : undefined
  if (format === undefined)
    throw new CasesFormatError({ evalName, where: displayPath(path), problem: problemOf(`${ending}${packed ? '.gz' : ''}`) })
  if (format === 'parquet' && packed)
    throw new CasesFormatError({ evalName, where: displayPath(path), problem: 'Parquet is packed inside: unpack the .gz' })
  return format
}

function problemOf(ending: string): string {
  return ending === '' ? 'its name has no ending' : `its ending is ${ending}`
}
