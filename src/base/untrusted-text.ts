/**
 * @file Makes text that a model or a user's file wrote safe to put into a message or a terminal line.
 * HTML escaping is the report's business, not this file's.
 */

import { redactSecrets } from './secrets.ts'
import { replaceSteering } from './steering-characters.ts'

// Tabs, line ends and a space that is none: a message is one line of words.
const LINE_BREAKING = /[\t\n\r\u202f]/g

/** `text` in double quotes, shortened to `maxLength` characters, characters that steer a display or hide in it replaced by spaces, known secrets taken out. */
export function quoteUntrusted(text: string, maxLength = 60): string {
  const clean = replaceSteering(redactSecrets(text).replace(LINE_BREAKING, ' '), () => ' ')
  const short = clean.length > maxLength ? `${clean.slice(0, maxLength - 1)}…` : clean
  return JSON.stringify(short)
}
