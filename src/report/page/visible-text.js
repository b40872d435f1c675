/**
 * @file Shows steering characters by their code, as src/report/visible-text.ts does for the rest of the page.
 */
import { STEERING } from '../../base/steering-characters.ts'

/** @param {string} text @returns {string} */
export function visibleText(text) {
  return text.replace(STEERING, (found, belongs) => belongs ?? `⟨U+${found.codePointAt(0).toString(16).toUpperCase().padStart(4, '0')}⟩`)
}
