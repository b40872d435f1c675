/**
 * @file The version of this package, for records.
 */
import { readFileSync } from 'node:fs'

/** From package.json, two folders above both src/round and dist/round. */
export const HOLDFAST_VERSION: string = (
  JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string }
).version
