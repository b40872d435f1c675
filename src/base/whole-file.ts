/**
 * @file Writes a file whole or not at all: temporary name beside it, fsync, rename. A killed process leaves the old file or the new one.
 */
import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileWriteFailure } from './file-errors.ts'

/** Writes `content` to `path`, making its folders. @throws DiskFullError, FileWriteError */
export function writeWholeFile(path: string, content: string | Uint8Array): void {
  const temporary = `${path}.${process.pid}.tmp`
  try {
    mkdirSync(dirname(path), { recursive: true })
    const file = openSync(temporary, 'w')
    try {
      writeAllSync(file, typeof content === 'string' ? Buffer.from(content) : content)
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
    renameSync(temporary, path)
    flushDirectory(dirname(path))
  } catch (cause) {
    removeQuietly(temporary)
    throw fileWriteFailure(path, cause)
  }
}

/** Writes all bytes to an open file: a single write may be a short one. */
export function writeAllSync(file: number, bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length;) written += writeSync(file, bytes, written)
}

/** Makes a new or renamed entry of a directory survive a power cut, where the system can flush directories. */
export function flushDirectory(directory: string): void {
  try {
    const handle = openSync(directory, 'r')
    try {
      fsyncSync(handle)
    } finally {
      closeSync(handle)
    }
  } catch {
    // Windows cannot open directories; the rename itself is still atomic there.
  }
}

/** Removes a file where it can be removed: what failed before matters more than what this could say. */
export function removeQuietly(path: string): void {
  try {
    rmSync(path, { force: true })
  } catch {
    // For example ENOTDIR, where a folder of the path is a file.
  }
}
