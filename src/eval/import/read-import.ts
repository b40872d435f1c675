/**
 * @file Reads a file of another tool as data. Nothing in it is run: no code, no template language, no reference that leads out of its folder.
 */
import { isUtf8 } from 'node:buffer'
import { readFileSync, realpathSync, statSync } from 'node:fs'
import { dirname, extname, relative, resolve } from 'node:path'
import { isAbsolute } from 'node:path'
import { parse as parseCsv } from 'csv-parse/sync'
import { parse as parseYaml } from 'yaml'
import { displayPath } from '../../base/display-path.ts'
import { parseExactJson } from '../../base/parse-exact-json.ts'
import { plainValue } from '../case-source.ts'
import { messageOf } from '../problems.ts'
import { ImportFileError } from './errors.ts'

/** Largest file that is imported as a whole. */
const LARGEST_BYTES = 1 << 26

/** The text of a file. @throws ImportFileError */
export function readImportText(path: string): string {
  try {
    const { size } = statSync(path)
    if (size > LARGEST_BYTES)
      throw new ImportFileError({ where: displayPath(path), problem: `it has ${size} bytes, more than ${LARGEST_BYTES}` })
    const bytes = readFileSync(path)
    if (!isUtf8(bytes)) throw new ImportFileError({ where: displayPath(path), problem: 'it is no UTF-8 text: convert it first' })
    return bytes.toString('utf8').replace(/^\ufeff/, '')
  } catch (cause) {
    if (cause instanceof ImportFileError) throw cause
    throw new ImportFileError({ where: displayPath(path), problem: 'it cannot be read' }, { cause })
  }
}

/** JSON, YAML, JSON lines or a CSV table by the file's ending, as plain values. @throws ImportFileError */
export function readImportData(path: string): unknown {
  const text = readImportText(path)
  try {
    switch (extname(path).toLowerCase()) {
      case '.jsonl':
        return text
          .split('\n')
          .filter((line) => line.trim() !== '')
          .map((line) => parseExactJson(line))
      case '.csv':
        return parseCsv(text, { columns: true, skip_empty_lines: true })
      case '.json':
        return parseExactJson(text)
      default:
        // The parser's own limit on aliases holds back texts that grow when they are unfolded.
        return plainValue(parseYaml(text, { intAsBigInt: true }))
    }
  } catch (cause) {
    throw new ImportFileError(
      { where: displayPath(path), problem: `it is not what its name says (${messageOf(cause).split('\n', 1).join('').slice(0, 120)})` },
      { cause },
    )
  }
}

/** The path of a reference like "file://tests.csv" beside a file; null when it leads out of the folder, has a pattern or is not there. */
export function besideFile(file: string, reference: string): string | null {
  const folder = dirname(resolve(file))
  try {
    const path = realpathSync(resolve(folder, reference.replace(/^file:\/\//, '')))
    const inside = relative(realpathSync(folder), path)
    return inside.startsWith('..') || isAbsolute(inside) || !statSync(path).isFile() ? null : path
  } catch {
    return null
  }
}
