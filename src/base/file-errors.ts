/**
 * @file Failures of writing files, the same for every folder that writes.
 */
import { displayPath } from './display-path.ts'
import { defineError, type HoldfastError } from './errors.ts'

/** The disk filled up while a file was written; what was complete before is untouched. */
export class DiskFullError extends defineError('DISK_FULL', ({ path }: { path: string }) => ({
  summary: 'No space is left on the disk; everything written before is intact',
  where: displayPath(path),
  fix: 'free some space, then go on with --resume',
})) {}

/** A file that could not be written for a reason other than space. */
export class FileWriteError extends defineError('WRITE_FAILED', ({ path, reason }: { path: string; reason: string | null }) => ({
  summary: `The file could not be written (${reason ?? 'unknown reason'}); everything written before is intact`,
  where: displayPath(path),
  fix: 'check that the directory exists and may be written to',
})) {}

/** The member "holdfast" of a project's package.json is not what it may be. */
export class ProjectFoldersError extends defineError('PROJECT_FOLDERS_INVALID', ({ path, reason }: { path: string; reason: string }) => ({
  summary: `The project's folders cannot be read: ${reason}`,
  where: path,
  fix: 'write "holdfast": { "evals": "…", "suites": "…", "reports": "…" }, each a folder relative to package.json and each optional',
})) {}

/** The error for a failed write: `DiskFullError` for ENOSPC and EDQUOT, else `FileWriteError`. */
export function fileWriteFailure(path: string, cause: unknown): HoldfastError {
  const code = errorCodeOf(cause)
  return code === 'ENOSPC' || code === 'EDQUOT'
    ? new DiskFullError({ path }, { cause })
    : new FileWriteError({ path, reason: code ?? null }, { cause })
}

/** The operating system's code of an error ("ENOENT"), undefined for other errors. */
export function errorCodeOf(error: unknown): string | undefined {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}
