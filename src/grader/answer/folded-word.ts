/**
 * @file Words whose letter case says nothing: "Paris" and "PARIS", never "CoCl" and "COCl", nor "Mmol" and "mmol".
 */
import { isCased } from './unit-names.ts'

const FORMULA = /^(?:[A-Z][a-z]?){2,}$/

/** The word in lower case, unless its letter case may mean something. */
export function foldedWord(word: string): string {
  const shouted = word === word.toUpperCase()
  return (!shouted && FORMULA.test(word)) || isCased(word) ? word : word.toLowerCase()
}
