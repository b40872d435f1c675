/**
 * @file A directory with one case per file. A `.json` file is a row; any other file is an input as text, whose expected answer stands beside it:
 * `a.txt` with `a.expected.txt`, `a.expected.json` or `a.expected`. Ids are paths without their endings. Hidden files are left out.
 */
import { readdir, stat } from 'node:fs/promises'
import { join, parse, sep } from 'node:path'
import { displayPath } from '../../base/display-path.ts'
import type { LocatedFailure, LocatedRow } from '../case-source.ts'
import { CaseInvalidError } from '../errors.ts'
import { LARGEST_ROW_BYTES } from './limits.ts'
import { parseRow } from './read-jsonl.ts'
import { readWholeText } from './read-text.ts'
import type { TextReading } from './read-text.ts'

const EXPECTED = /^(.+)\.expected(?:\.[^.]+)?$/

/** In the order of the paths. @throws CaseInvalidError, what src/eval/source/read-text.ts throws, and what the system says of unreadable files */
export async function* readDirectory(path: string, reading: TextReading): AsyncGenerator<LocatedRow> {
  const files = await listFiles(path, '')
  const answers = new Map(files.flatMap((file) => answerOf(file) ?? []))
  for (const file of files) {
    const shown = displayPath(join(path, file))
    if (answerOf(file) !== undefined) continue
    const text = await readText(join(path, file), reading)
    const id = withoutEnding(file)
    const location = { at: 0, whereOf: (): string => shown }
    if (file.endsWith('.json')) {
      const parsed = parseRow(text, reading.evalName, location.whereOf)
      yield 'failure' in parsed ? { ...parsed, ...location } : { value: named(parsed.value, id), ...location }
    } else {
      const answer = await expectedOf(path, answers.get(id), reading)
      yield 'failure' in answer ? { ...answer, ...location } : { value: { id, input: text, ...answer }, ...location }
    }
  }
}

async function listFiles(root: string, inside: string): Promise<string[]> {
  const entries = await readdir(join(root, inside), { withFileTypes: true })
  const nested = await Promise.all(
    entries
      .filter(({ name }) => !name.startsWith('.'))
      .map((entry) => {
        const path = join(inside, entry.name)
        return entry.isDirectory() ? listFiles(root, path) : Promise.resolve([path])
      }),
  )
  return nested.flat().toSorted()
}

function answerOf(file: string): [id: string, file: string][] | undefined {
  const { dir, base } = parse(file)
  const stem = EXPECTED.exec(base)?.[1]
  return stem === undefined ? undefined : [[slashes(join(dir, stem)), file]]
}

function withoutEnding(file: string): string {
  const { dir, name } = parse(file)
  return slashes(join(dir, name))
}

const slashes = (path: string): string => path.split(sep).join('/')

async function expectedOf(root: string, file: string | undefined, reading: TextReading): Promise<ReadMember> {
  if (file === undefined) return {}
  const text = await readText(join(root, file), reading)
  if (!file.endsWith('.json')) return { expected: text }
  const parsed = parseRow(text, reading.evalName, () => displayPath(join(root, file)))
  return 'failure' in parsed ? parsed : { expected: parsed.value }
}

type ReadMember = { readonly expected?: unknown } | Pick<LocatedFailure, 'failure'>

/** Text without the line end that editors put at the end of files. @throws CaseInvalidError, and what src/eval/source/read-text.ts throws */
async function readText(path: string, reading: TextReading): Promise<string> {
  const { size } = await stat(path)
  const tooLarge = new CaseInvalidError({
    evalName: reading.evalName,
    where: displayPath(path),
    problems: [`it has ${size} bytes, a case at most ${LARGEST_ROW_BYTES}`],
  })
  if (size > LARGEST_ROW_BYTES) throw tooLarge
  const text = await readWholeText(path, reading, LARGEST_ROW_BYTES)
  if (text === null) throw tooLarge
  if (text.includes('\0'))
    throw new CaseInvalidError({
      evalName: reading.evalName,
      where: displayPath(path),
      problems: ['it holds NUL bytes: it is damaged or no text'],
    })
  return text.replace(/\r?\n$/, '')
}

/** A row that names no id has the file's. */
function named(value: unknown, id: string): unknown {
  const isRow = typeof value === 'object' && value !== null && !Array.isArray(value)
  return isRow && !Object.hasOwn(value, 'id') ? { id, ...value } : value
}
