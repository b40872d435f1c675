/**
 * @file Words whose letter case says nothing: "Paris" and "PARIS", never "CoCl" and "COCl", nor "Mmol" and "mmol".
 */
import { isCased } from '../exact/unit-names.ts'

const FORMULA = /^(?:[A-Z][a-z]?){2,}$/

/** Letter case inside a word that is no name of several words: GBps. */
const MIXED = /\p{L}\p{Lu}/u

/** A word of a unit in lower case, unless its letter case may mean something. */
export function foldedUnit(word: string): string {
  return word !== word.toUpperCase() && MIXED.test(word) ? word : foldedWord(word)
}

/** The word in lower case, unless its letter case may mean something. */
export function foldedWord(word: string): string {
  const shouted = word === word.toUpperCase()
  return (!shouted && FORMULA.test(word)) || isCased(word) ? word : word.toLowerCase()
}
