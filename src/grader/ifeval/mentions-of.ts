/**
 * @file Looks for one phrase in a text, in any letter case and whichever way accents are encoded.
 */
import { escapeRegExp } from '../text/mentions.ts'

const WORD = String.raw`[\p{L}\p{M}\p{N}_]`

/** Anywhere, inside longer words too. */
export function hasText(text: string, phrase: string): boolean {
  return countOf(text, phrase) > 0
}

/** How often, without overlap. */
export function countOf(text: string, phrase: string): number {
  return (text.normalize('NFC').match(new RegExp(escapeRegExp(phrase.normalize('NFC')), 'giu')) ?? []).length
}

/**
 * As a word of its own. Where the phrase ends in a sign, no word needs to end there: "U.S." is in "U.S.A.", "C++" in "C++17".
 */
export function hasWord(text: string, phrase: string): boolean {
  const word = phrase.trim().normalize('NFC')
  const before = new RegExp(`^${WORD}`, 'u').test(word) ? `(?<!${WORD})` : ''
  const after = new RegExp(`${WORD}$`, 'u').test(word) ? `(?!${WORD})` : ''
  return new RegExp(`${before}${escapeRegExp(word)}${after}`, 'iu').test(text.normalize('NFC'))
}

/** The text without characters that show nothing: they would hide a word from a search. */
export function visible(text: string): string {
  return text.replace(/\p{Default_Ignorable_Code_Point}/gu, '')
}
