/**
 * @file A directory with one case per file. A `.json` file is a row; any other file is an input as text, whose expected answer stands beside it:
 * `a.txt` with `a.expected.txt`, `a.expected.json` or `a.expected`. Ids are paths without their endings. Hidden files are left out.
 */
import { readdir, readFile, stat } from 'node:fs/promises'
import { join, parse, sep } from 'node:path'
import { displayPath } from '../../base/display-path.ts'
import { parseExactJson } from '../../base/parse-exact-json.ts'
import type { PlacedValue } from '../case-source.ts'
import { CaseInvalidError, CasesMalformedError } from '../errors.ts'
import { LARGEST_ROW_BYTES } from './limits.ts'

const EXPECTED = /^(.+)\.expected(?:\.[^.]+)?$/

/** In the order of the paths. @throws CasesMalformedError, CaseInvalidError, and what the system says of files that cannot be read */
export async function* readDirectory(path: string, evalName: string): AsyncGenerator<PlacedValue> {
  const files = await listFiles(path, '')
  const answers = new Map(files.flatMap((file) => answerOf(file) ?? []))
  for (const file of files) {
    const shown = displayPath(join(path, file))
    if (answerOf(file) !== undefined) continue
    const text = await readText(join(path, file), evalName)
    const id = withoutEnding(file)
    const placeOf = (): string => shown
    if (file.endsWith('.json')) yield { value: named(parseJson(text, evalName, shown), id), at: 0, placeOf }
    else yield { value: { id, input: text, ...(await expectedOf(path, answers.get(id), evalName)) }, at: 0, placeOf }
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

async function expectedOf(root: string, file: string | undefined, evalName: string): Promise<{ readonly expected?: unknown }> {
  if (file === undefined) return {}
  const text = await readText(join(root, file), evalName)
  return { expected: file.endsWith('.json') ? parseJson(text, evalName, displayPath(join(root, file))) : text }
}

/** Text without the line end that editors put at the end of files. */
async function readText(path: string, evalName: string): Promise<string> {
  const { size } = await stat(path)
  if (size > LARGEST_ROW_BYTES) {
    throw new CaseInvalidError(evalName, displayPath(path), [`it has ${size} bytes, a case at most ${LARGEST_ROW_BYTES}`])
  }
  const text = await readFile(path, 'utf8')
  return text.replace(/^\ufeff/, '').replace(/\r?\n$/, '')
}

function parseJson(text: string, evalName: string, place: string): unknown {
  try {
    return parseExactJson(text)
  } catch {
    throw new CasesMalformedError(evalName, place, text)
  }
}

/** A row that names no id has the file's. */
function named(value: unknown, id: string): unknown {
  const isRow = typeof value === 'object' && value !== null && !Array.isArray(value)
  return isRow && !Object.hasOwn(value, 'id') ? { id, ...value } : value
}
