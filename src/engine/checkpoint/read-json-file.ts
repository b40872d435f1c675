/**
 * @file Reads the JSON files of a model directory and says which one is missing or malformed. It knows nothing of their fields.
 */
import { existsSync, readFileSync } from 'node:fs'
import { quoteUntrusted } from '../../base/untrusted-text.ts'
import { ModelConfigError, ModelFileMissingError } from '../errors.ts'

/**
 * The parsed object of a file that must exist.
 * @throws ModelFileMissingError, ModelConfigError
 */
export function readJsonFile(path: string, purpose: string): Record<string, unknown> {
  const value = readOptionalJsonFile(path)
  if (value === undefined) throw new ModelFileMissingError(path, purpose)
  return value
}

/**
 * The parsed object of a file that may be absent.
 * @throws ModelConfigError
 */
export function readOptionalJsonFile(path: string): Record<string, unknown> | undefined {
  if (!existsSync(path)) return undefined
  let value: unknown
  try {
    value = JSON.parse(readFileSync(path, 'utf8'))
  } catch (cause) {
    throw new ModelConfigError(
      path,
      `The file is not valid JSON: ${quoteUntrusted(cause instanceof Error ? cause.message : String(cause), 100)}`,
    )
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new ModelConfigError(path, 'The file does not hold a JSON object')
  return value as Record<string, unknown>
}
