/**
 * @file The cases as text inside the page: data that no reader takes for markup, compressed where there are many.
 */
import { deflateRawSync } from 'node:zlib'
import type { EmbeddedData } from '../../section.ts'
import type { CasePayload } from './data.ts'

/** Below this size the payload stays readable text; its bytes then do not depend on a compressor's version. */
const COMPRESS_ABOVE_BYTES = 100_000

// JSON itself escapes control characters below U+0020.
const STEERING_IN_DATA = /[<\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g

/** The payload as text for a script element that is data: no `<` in it, compressed when large. */
export function encodePayload(payload: CasePayload): EmbeddedData {
  const json = JSON.stringify(payload)
  if (json.length <= COMPRESS_ABOVE_BYTES) return { id: 'case-data', encoding: 'json', text: escapeData(json) }
  return { id: 'case-data', encoding: 'deflate-raw', text: deflateRawSync(json, { level: 7 }).toString('base64') }
}

/** JSON text without characters that could end its element or steer a display; it parses to the same value. */
function escapeData(json: string): string {
  return json.replace(STEERING_IN_DATA, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
