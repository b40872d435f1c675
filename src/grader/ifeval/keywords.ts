/**
 * @file The family "keywords" of IFEval. Google runs keywords as regular expressions; here they are taken as they stand.
 */
import { escapeRegExp } from '../text/mentions.ts'
import { withRelation, withTexts } from './instruction.ts'
import type { InstructionCheck } from './instruction.ts'

const has = (text: string, word: string): boolean => literal(word).test(text)
const hasWord = (text: string, word: string): boolean =>
  new RegExp(`(?<![\\p{L}\\p{N}_])${escapeRegExp(word)}(?![\\p{L}\\p{N}_])`, 'iu').test(text)

/** Checks by instruction id. */
export const keywords: Readonly<Record<string, InstructionCheck>> = {
  // Anywhere, inside longer words too, as Google does; forbidden words count only as words.
  'keywords:existence': withTexts('keywords', (text, wanted) => wanted.every((word) => has(text, word))),
  'keywords:forbidden_words': withTexts('forbidden_words', (text, wanted) => !wanted.some((word) => hasWord(text, word))),
  'keywords:frequency': withRelation(['frequency', 'relation'], (text, { keyword }) =>
    typeof keyword === 'string' && keyword.trim() !== '' ? (text.match(literal(keyword.trim())) ?? []).length : undefined,
  ),
  'keywords:letter_frequency': withRelation(['let_frequency', 'let_relation'], (text, { letter }) =>
    typeof letter === 'string' && letter.trim().length === 1 ? text.toLowerCase().split(letter.trim().toLowerCase()).length - 1 : undefined,
  ),
}

function literal(word: string): RegExp {
  return new RegExp(escapeRegExp(word), 'giu')
}
