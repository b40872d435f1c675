/**
 * @file The family "keywords" of IFEval. Google runs keywords as regular expressions; here they are taken as they stand.
 */
import { z } from 'zod'
import { COUNT, instruction, related, RELATION, TEXTS, TRIMMED } from './instruction.ts'
import type { Instructions } from './instruction.ts'
import { countOf, hasText, hasWord, visible } from './mentions-of.ts'

const ONE_CHARACTER = 'one character'
const LETTER = z
  .string(ONE_CHARACTER)
  .transform((letter) => letter.trim().normalize('NFC'))
  .refine((letter) => Array.from(letter).length === 1, ONE_CHARACTER)

/** Instructions by id. */
export const keywords: Instructions = {
  // Anywhere, inside longer words too, as Google does; forbidden words count only as words.
  'keywords:existence': instruction({ keywords: TEXTS }, (text, given) => given.keywords.every((word) => hasText(text, word))),
  'keywords:forbidden_words': instruction(
    { forbidden_words: TEXTS },
    (text, given) => !given.forbidden_words.some((word) => hasWord(text, word) || hasWord(visible(text), word)),
  ),
  'keywords:frequency': instruction({ keyword: TRIMMED, frequency: COUNT, relation: RELATION }, (text, { keyword, frequency, relation }) =>
    // What hides a word makes it no rarer.
    related(relation === 'less than' ? countOf(visible(text), keyword) : countOf(text, keyword), relation, frequency),
  ),
  'keywords:letter_frequency': instruction(
    { letter: LETTER, let_frequency: COUNT, let_relation: RELATION },
    (text, { letter, let_frequency: wanted, let_relation: relation }) =>
      related(text.normalize('NFC').toLowerCase().split(letter.toLowerCase()).length - 1, relation, wanted),
  ),
}
