/**
 * @file Writes a file whole or not at all: temporary name in the same directory, flush, rename. A killed process leaves the old file.
 */
import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { FileWriteError } from '../errors.ts'

/**
 * Replaces or creates the file at `path`, with its directory.
 * @throws FileWriteError
 */
export function writeFileWhole(path: string, content: Uint8Array | string): void {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content
  const temporary = `${path}.tmp-${process.pid}`
  try {
    mkdirSync(dirname(path), { recursive: true })
    const file = openSync(temporary, 'w')
    try {
      let written = 0
      while (written < bytes.length) written += writeSync(file, bytes, written)
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
    renameSync(temporary, path)
  } catch (cause) {
    rmSync(temporary, { force: true })
    throw new FileWriteError(path, cause)
  }
}
