/**
 * @file Shows steering characters by their code, as src/report/visible-text.ts does for the rest of the page. Both must list the same characters.
 */

// oxlint-disable-next-line no-control-regex
const STEERING = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g

/** @param {string} text @returns {string} */
export function visibleText(text) {
  return text.replace(STEERING, (character) => `⟨U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}⟩`)
}
