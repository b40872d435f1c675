/**
 * @file Whether a file on disk is the one that a listing of the hub means: by SHA-256 for large files, by git's own hash for all others.
 */
import { createHash, type Hash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import type { HubFile } from './list-hub-files.ts'

/** Reads the file once. What an old listing kept no hash of is right by its size. */
export async function isHubFile(path: string, file: HubFile): Promise<boolean> {
  const [hash, wanted] = hashOf(file)
  let sizeBytes = 0
  for await (const chunk of createReadStream(path, { highWaterMark: 2 ** 20 })) {
    hash.update(chunk as Buffer)
    sizeBytes += (chunk as Buffer).length
  }
  return sizeBytes === file.size && (wanted === null || hash.digest('hex') === wanted)
}

function hashOf({ sha256, blobId, size }: HubFile): readonly [Hash, string | null] {
  if (sha256 !== null) return [createHash('sha256'), sha256]
  const isLong = blobId?.length === 64
  return [createHash(isLong ? 'sha256' : 'sha1').update(`blob ${size}\0`), blobId ?? null]
}
