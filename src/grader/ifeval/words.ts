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
  const unquoted = token.startsWith("'") || token.endsWith("'") ? withoutEdges(token, /'/u) : token
  const [, stem, ending] = /^(.+?)('(?:s|m|d|ll|re|ve)|n't)$/iu.exec(unquoted) ?? []
  return stem === undefined || ending === undefined ? [unquoted] : [stem, ending]
}

/** Pieces between white space without ASCII punctuation at their ends, in lower case; what is nothing else is no word. */
export function bareWords(text: string): readonly string[] {
  return text
    .toLowerCase()
    .split(/\s+/u)
    .map((word) => withoutEdges(word, PUNCTUATION))
    .filter((word) => word !== '')
}

/** Pieces between white space without any ASCII punctuation, in lower case: "don't" is "dont". */
export function solidWords(text: string): readonly string[] {
  return text
    .toLowerCase()
    .replaceAll(/[!-/:-@[-`{-~]/gu, '')
    .split(/\s+/u)
    .filter((word) => word !== '')
}

/** Tokens with a letter or digit, in lower case. */
export function wordTokens(text: string): readonly string[] {
  return tokensOf(text.toLowerCase()).filter((token) => /[\p{L}\p{N}]/u.test(token))
}

/** How often each word is there. */
export function timesOf(words: readonly string[]): ReadonlyMap<string, number> {
  const times = new Map<string, number>()
  for (const word of words) times.set(word, (times.get(word) ?? 0) + 1)
  return times
}

/** ASCII punctuation. */
export const PUNCTUATION = /[!-/:-@[-`{-~]/u

/** The text without the characters at its ends that a pattern matches. In linear time, which a pattern with `+$` is not. */
export function withoutEdges(text: string, edge: RegExp): string {
  let [start, end] = [0, text.length]
  while (start < end && edge.test(text[start] as string)) start += 1
  while (end > start && edge.test(text[end - 1] as string)) end -= 1
  return text.slice(start, end)
}
