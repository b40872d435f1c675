/**
 * @file Names the tokens of a rendered conversation.
 */
import { createHash } from 'node:crypto'

/** The first 16 hexadecimal characters of the SHA-256 over token ids as 32-bit numbers. */
export function hashIds(ids: Int32Array): string {
  const bytes = new Uint8Array(ids.buffer, ids.byteOffset, ids.byteLength)
  return createHash('sha256').update(bytes).digest('hex').slice(0, 16)
}
