/**
 * @file Content hashes: hexadecimal SHA-256, whole for files, shortened to 16 characters where a person reads them.
 */
import { createHash, hash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { canonicalJson } from './json.ts'

/** SHA-256 of bytes or UTF-8 text, 64 hexadecimal characters. */
export function sha256(content: string | Uint8Array): string {
  return hash('sha256', content)
}

/** The first 16 hexadecimal characters of the SHA-256 of a value's canonical JSON: the form in which records carry hashes. */
export function hashJson(value: unknown): string {
  return firstSixteen(sha256(canonicalJson(value)))
}

const SIXTEEN = Buffer.alloc(16)

/** A string of its own: a slice would keep all 64 characters in memory for as long as a record lives. */
function firstSixteen(hexadecimal: string): string {
  SIXTEEN.write(hexadecimal, 0, 16, 'latin1')
  return SIXTEEN.toString('latin1')
}

/** SHA-256 of a file's bytes, read as a stream, 64 hexadecimal characters. */
export async function hashFile(path: string): Promise<string> {
  const digest = createHash('sha256')
  for await (const chunk of createReadStream(path, { highWaterMark: 2 ** 20 })) digest.update(chunk as Uint8Array)
  return digest.digest('hex')
}
