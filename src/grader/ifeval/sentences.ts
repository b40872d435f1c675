/**
 * @file Counts sentences by rules. Google uses nltk's trained Punkt splitter, which knows more abbreviations: counts may differ by a few in texts full of them.
 */

const ABBREVIATIONS = new Set(
  'mr mrs ms dr prof st jr sr vs etc inc ltd co corp e.g i.e no fig vol dept est approx jan feb mar apr jun jul aug sep sept oct nov dec u.s u.k a.m p.m'.split(
    ' ',
  ),
)

/** Sentences end with a period, question or exclamation mark before white space and anything but a lower-case letter, and with the text. */
export function countSentences(text: string): number {
  const trimmed = text.trim()
  if (trimmed === '') return 0
  let count = 1
  for (const end of trimmed.matchAll(/[.!?。！？]["'”’)\]*]{0,3}(?=\s)/g)) {
    const after = trimmed.slice(end.index + end[0].length, end.index + end[0].length + 100).trimStart()
    if (after !== '' && !/^\p{Ll}/u.test(after) && !(end[0].startsWith('.') && isAbbreviation(trimmed, end.index))) count += 1
  }
  return count
}

/** Whether the period at an index ends an abbreviation, an initial or the number of a list item. */
function isAbbreviation(text: string, period: number): boolean {
  const before = text.slice(Math.max(0, period - 20), period)
  const word = before.slice(before.search(/\S+$/))
  const lineStart = text.slice(Math.max(0, period - 5), period)
  return ABBREVIATIONS.has(word.toLowerCase().replace(/^["'(]+/, '')) || /^\p{Lu}$/u.test(word) || /(?:^|\n)\s*\d{1,3}$/.test(lineStart)
}
