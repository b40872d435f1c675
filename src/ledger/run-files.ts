/**
 * @file What the files of a run directory hold, as counts and hashes, and how they differ from what was noted. It knows which files belong to a run and
 * nothing of what they mean.
 */
import { createHash } from 'node:crypto'
import { closeSync, existsSync, openSync, readdirSync, readSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { OWN_FOLDERS } from './run-layout.ts'

export const fileNoteSchema = z.strictObject({ bytes: z.int(), lines: z.int(), sha256: z.string() })

/** A file's size, its line feeds, and the SHA-256 of its bytes. */
export type FileNote = z.infer<typeof fileNoteSchema>

/** Files by their path in the run directory, with `/`. */
export type FileNotes = Readonly<Record<string, FileNote>>

/** What a killed process may leave, and what systems put beside files. */
const PASSED_OVER = /(?:^|\/)\.|\.tmp$|\.arriving(?:\/|$)/

const BLOCK_BYTES = 1 << 20
const LINE_FEED = 0x0a

/** Reads a file in blocks: adapters are large. */
export function noteFile(path: string): FileNote {
  const digest = createHash('sha256')
  const block = Buffer.allocUnsafe(BLOCK_BYTES)
  const file = openSync(path, 'r')
  let [bytes, lines] = [0, 0]
  try {
    for (let count = readSync(file, block); count > 0; count = readSync(file, block)) {
      const part = block.subarray(0, count)
      digest.update(part)
      bytes += count
      for (let at = part.indexOf(LINE_FEED); at !== -1; at = part.indexOf(LINE_FEED, at + 1)) lines += 1
    }
  } finally {
    closeSync(file)
  }
  return { bytes, lines, sha256: digest.digest('hex') }
}

/** Paths of the run's own files below a folder (or the file itself), in order; none where there is nothing. */
export function ownFiles(directory: string, path: string): readonly string[] {
  if (PASSED_OVER.test(path) || !existsSync(join(directory, path))) return []
  if (!statSync(join(directory, path)).isDirectory()) return [path]
  const names = readdirSync(join(directory, path)).toSorted()
  return names.flatMap((name) => ownFiles(directory, `${path}/${name}`))
}

/** Notes of all of the run's own files, and of `others` where they are. */
export function noteRun(directory: string, others: readonly string[]): FileNotes {
  const paths = [...others, ...OWN_FOLDERS].flatMap((path) => ownFiles(directory, path))
  return Object.fromEntries(paths.toSorted().map((path) => [path, noteFile(join(directory, path))]))
}

/** One phrase for each file that is not what was noted. */
export function changedFiles(directory: string, notes: FileNotes): readonly string[] {
  return Object.entries(notes).flatMap(([path, noted]) => changeOf(directory, path, noted) ?? [])
}

/** One phrase for each file in the run's own folders that nobody noted. */
export function addedFiles(directory: string, notes: FileNotes): readonly string[] {
  const found = OWN_FOLDERS.flatMap((path) => ownFiles(directory, path))
  return found.filter((path) => !Object.hasOwn(notes, path)).map((path) => `${path} was added`)
}

function changeOf(directory: string, path: string, noted: FileNote): string | null {
  const full = join(directory, path)
  if (!existsSync(full) || !statSync(full).isFile()) return `${path} is missing`
  const now = noteFile(full)
  if (now.sha256 === noted.sha256) return null
  if (path.endsWith('.jsonl') && now.lines !== noted.lines) return `${path} has ${now.lines} of ${noted.lines} lines`
  if (now.bytes !== noted.bytes) return `${path} has ${now.bytes} of ${noted.bytes} bytes`
  return `${path} has other content than was written`
}
