/**
 * @file The version of this package, for records and identities.
 */
import { readFileSync } from 'node:fs'

/** From package.json, two folders above both src/base and dist/base. */
export const HOLDFAST_VERSION: string = (
  JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string }
).version
