/**
 * @file When two answers that are no mathematics are the same text.
 */
import { fixedMeaning } from './fixed-phrases.ts'
import { foldedWord } from './folded-word.ts'
import { isCased, unitName } from '../exact/unit-names.ts'

const SHORT_WORDS = new Set(['YES', 'NO'])

/**
 * The text that two equal answers share. Letter case counts in single letters, in short words of capitals (US is not us), in formulas and in units;
 * white space does not, and neither do a pair of quotes and a period around the whole.
 */
export function answerTextKey(plain: string): string {
  const bare = withoutQuotes(withoutQuotes(plain).replace(/[.]$/, '')).replace(/([_^]) ?\{ ?(\w) ?\}/g, '$1$2')
  const meaning = fixedMeaning(bare)
  if (meaning !== null) return meaning
  const units = isOnlyUnits(bare)
  const text = bare.replace(/(\d)(?: [-–] |[-–])(?=\d)/g, '$1-').replace(/\p{L}{2,}/gu, (word: string, at: number, whole: string) => {
    const short = word.length <= 3 && word === word.toUpperCase() && !SHORT_WORDS.has(word)
    const unit = (units || /\d ?$/.test(whole.slice(0, at))) && isCased(word)
    if (short || unit || bare.includes('\\')) return word
    return word.length > 3 || hasDigitBeside(whole, at, word) ? foldedWord(word) : word.toLowerCase()
  })
  // In LaTeX and around marks, spaces are layout.
  return (bare.includes('\\') ? text.replaceAll(' ', '') : text.replace(/ ?([,;:=<>+*/()[\]{}]) ?/g, '$1')).trim()
}

/** Quotes come in pairs: 5' and 5" are no 5. */
function withoutQuotes(text: string): string {
  const quote = text[0] ?? ''
  return text.length > 2 && '"\'`'.includes(quote) && text.endsWith(quote) ? text.slice(1, -1) : text
}

function isOnlyUnits(text: string): boolean {
  return (text.match(/\p{L}+/gu) ?? []).every((word) => word.length === 1 || isCased(word) || unitName(word) !== null)
}

/** CoCl2: the letters of a formula of chemistry. */
function hasDigitBeside(text: string, at: number, word: string): boolean {
  return /\d/.test(text[at + word.length] ?? '')
}
