/**
 * @file What a word is: for counts, for the words that a text is split into, and for the tokens of nltk, in which IFEval counts words in capitals.
 */

// Vowel signs and accents belong to the letter before them, and so do the joiners of Persian, Indic and Arabic writing and soft hyphens.
const WORD = /[\p{L}\p{N}_](?:[\p{L}\p{M}\p{N}_]|(?:\u00AD|\u200C|\u200D|\u2060)(?=[\p{L}\p{M}\p{N}_]))*/gu

/** Runs of letters, digits and underscores: "don't" is two, as for Google; a run of Thai or Chinese without spaces is one. */
export function wordsIn(text: string): readonly string[] {
  return text.match(WORD) ?? []
}

/** How many words a text has. */
export function countWords(text: string): number {
  return wordsIn(text).length
}

/** Has a capital and no small letter, whether or not the letters have the other case: "ª" and "𝐚" are small ones. */
export function isUpper(text: string): boolean {
  return /\p{Uppercase}/u.test(text) && !/[\p{Lowercase}\p{Lt}]/u.test(text)
}

/** Has a small letter and no capital. */
export function isLower(text: string): boolean {
  return /\p{Lowercase}/u.test(text) && !/[\p{Uppercase}\p{Lt}]/u.test(text)
}

/** Pieces between white space, with signs and the endings 's, 'm, 'd, 'll, 're, 've and n't apart from the words: "I'M" is two. */
export function tokensOf(text: string): readonly string[] {
  return text
    .replaceAll(/[«»“”„‘’"`?!;@#$%&*()[\]{}<>\u2012-\u2015…]|--+|\.{2,}|[:,](?!\d)/gu, ' $& ')
    .split(/\s+/u)
    .flatMap(withoutLastPeriod)
    .flatMap(contracted)
    .filter((token) => token !== '')
}

/** A period ends a sentence or an abbreviation; tokens keep it only where others stand before it: "U.S." but "END". */
function withoutLastPeriod(token: string): readonly string[] {
  return /^[^.]+\.$/u.test(token) ? [token.slice(0, -1), '.'] : [token]
}

function contracted(token: string): readonly string[] {
  const unquoted = token.replace(/^'+/u, '').replace(/'+$/u, '')
  const [, stem, ending] = /^(.+?)('(?:s|m|d|ll|re|ve)|n't)$/iu.exec(unquoted) ?? []
  return stem === undefined || ending === undefined ? [unquoted] : [stem, ending]
}
