/**
 * @file Makes text that a model or a user's file wrote safe to put into a message or a terminal line.
 * HTML escaping is the report's business, not this file's.
 */

import { redactSecrets } from './secrets.ts'

// Control characters, bidirectional overrides and line separators: each could rewrite what a terminal shows.
// oxlint-disable-next-line no-control-regex
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202f\u2066-\u2069\ufeff]/g

/** `text` in double quotes, shortened to `maxLength` characters, control characters replaced by spaces, known secrets taken out. */
export function quoteUntrusted(text: string, maxLength = 60): string {
  const clean = redactSecrets(text).replace(UNSAFE, ' ')
  const short = clean.length > maxLength ? `${clean.slice(0, maxLength - 1)}…` : clean
  return JSON.stringify(short)
}
