/**
 * @file `files.jsonl` of a run: what each finished file holds, noted when it is finished, so that a run that was interrupted can be checked before it goes
 * on. A file that is written anew is noted anew; the last note counts.
 */
import { join, sep } from 'node:path'
import { z } from 'zod'
import { readAllRecords } from './read-records.ts'
import { openRecordLog } from './record-log.ts'
import { fileNoteSchema, noteFile, ownFiles, type FileNote, type FileNotes } from './run-files.ts'
import { SEALS_FILE } from './run-layout.ts'

const sealSchema = z.union([
  z.strictObject({ path: z.string(), ...fileNoteSchema.shape }),
  /** Whatever lies below this path will be made anew. */
  z.strictObject({ forgotten: z.string() }),
  /** Whether the run came to its end: false where one that had is gone on with. */
  z.strictObject({ finished: z.boolean() }),
])

/** What `files.jsonl` says. */
export interface SealedFiles {
  readonly notes: FileNotes
  readonly finished: boolean
}

/** An open `files.jsonl`. */
export interface RunSeals {
  /** Notes finished files and folders; what is noted already as it is now is left alone. */
  seal(paths: readonly string[]): void
  /** To be called before what lies below a path is removed or written anew. */
  forget(path: string): void
  finish(isFinished: boolean): void
  close(): void
}

/** What was noted; null where the run keeps no notes (older versions) or has none yet. @throws LedgerCorruptError */
export async function readSeals(directory: string): Promise<SealedFiles | null> {
  const notes = new Map<string, FileNote>()
  let finished = false
  const lines = await readAllRecords(join(directory, SEALS_FILE), sealSchema)
  for (const line of lines) {
    if ('finished' in line) finished = line.finished
    else if ('forgotten' in line) forgetBelow(notes, line.forgotten)
    else notes.set(line.path, { bytes: line.bytes, lines: line.lines, sha256: line.sha256 })
  }
  return lines.length === 0 ? null : { notes: Object.fromEntries(notes), finished }
}

/** Opens the notes of a run to write on. */
export async function openSeals(directory: string): Promise<RunSeals> {
  const before = await readSeals(directory)
  const notes = new Map(Object.entries(before?.notes ?? {}))
  let finished = before?.finished ?? false
  const log = await openRecordLog(join(directory, SEALS_FILE))
  return {
    seal: (paths) => {
      const lines = paths
        .flatMap((path) => ownFiles(directory, path.replaceAll(sep, '/')))
        .map((path) => ({ path, ...noteFile(join(directory, path)) }))
        .filter(({ path, sha256 }) => notes.get(path)?.sha256 !== sha256)
      log.append(lines)
      for (const { path, ...note } of lines) notes.set(path, note)
    },
    forget: (given) => {
      const forgotten = given.replaceAll(sep, '/')
      if (forgetBelow(notes, forgotten)) log.append([{ forgotten }])
    },
    finish: (isFinished) => {
      if (finished !== isFinished) log.append([{ finished: isFinished }])
      finished = isFinished
    },
    close: () => log.close(),
  }
}

function forgetBelow(notes: Map<string, FileNote>, parent: string): boolean {
  const paths = [...notes.keys()].filter((path) => path === parent || path.startsWith(`${parent}/`))
  for (const path of paths) notes.delete(path)
  return paths.length > 0
}
