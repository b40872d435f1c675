/**
 * @file Reads the JSON and text files of a model directory, and says which one is missing, malformed, or made to do harm: no file, far too long, nested
 * without end, a link to somewhere else. It knows nothing of their fields.
 */
import { existsSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { quoteUntrusted } from '../../base/untrusted-text.ts'
import { ModelConfigError, ModelFileMissingError } from '../errors.ts'
import { checkModelFile } from './check-model-file.ts'
import { jsonBurden } from './json-burden.ts'

const MAX_BYTES = 16 * 2 ** 20
/** Twice the longest one published. */
const MAX_TOKENIZER_BYTES = 64 * 2 ** 20

/**
 * The parsed object of a file that must exist.
 * @throws ModelFileMissingError, ModelFileRefusedError, ModelConfigError
 */
export function readJsonFile(path: string, purpose: string): Record<string, unknown> {
  const value = readOptionalJsonFile(path)
  if (value === undefined) throw new ModelFileMissingError({ path, purpose })
  return value
}

/**
 * The parsed object of a file that may be absent.
 * @throws ModelFileRefusedError, ModelConfigError
 */
export function readOptionalJsonFile(path: string): Record<string, unknown> | undefined {
  if (!existsSync(path)) return undefined
  const bytes = readBytes(path)
  const burden = jsonBurden(bytes)
  if (burden !== undefined) throw new ModelConfigError({ path, problem: `The file ${burden}` })
  let value: unknown
  try {
    value = JSON.parse(bytes.toString('utf8'))
  } catch (cause) {
    throw new ModelConfigError({
      path,
      problem: `The file is not valid JSON: ${quoteUntrusted(cause instanceof Error ? cause.message : String(cause), 100)}`,
    })
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new ModelConfigError({ path, problem: 'The file does not hold a JSON object' })
  return value as Record<string, unknown>
}

/** The text of a file that exists. @throws ModelFileRefusedError */
export function readTextFile(path: string): string {
  return readBytes(path).toString('utf8')
}

function readBytes(path: string): Buffer {
  checkModelFile(path, { maxBytes: basename(path) === 'tokenizer.json' ? MAX_TOKENIZER_BYTES : MAX_BYTES, mayLead: 'inside' })
  return readFileSync(path)
}
