/**
 * @file The families "combination", "startend", "change_case", "punctuation" and "language" of IFEval.
 */
import { detectLanguage } from './detect-language.ts'
import { withRelation, withText } from './instruction.ts'
import type { InstructionCheck } from './instruction.ts'
import { countDivided } from './length.ts'

/** Checks by instruction id. */
export const wording: Readonly<Record<string, InstructionCheck>> = {
  'combination:two_responses': (text) => {
    const parts = text.split('******').map((part) => part.trim())
    const written = parts.filter((part) => part !== '')
    return countDivided(text, '******') === 2 && written[0] !== written[1]
  },
  'combination:repeat_prompt': withText('prompt_to_repeat', (text, prompt) => text.trim().toLowerCase().startsWith(prompt.toLowerCase())),
  'startend:end_checker': withText('end_phrase', (text, phrase) => withoutQuotes(text.trim()).toLowerCase().endsWith(phrase.toLowerCase())),
  'startend:quotation': (text) => text.trim().length > 1 && text.trim().startsWith('"') && text.trim().endsWith('"'),
  'change_case:capital_word_frequency': withRelation(
    ['capital_frequency', 'capital_relation'],
    // Google's nltk tokens differ in contractions: it finds two words in "I'M".
    (text) => text.split(/[\s.,!?;:()[\]{}"“”<>`]+/).filter(isUpper).length,
  ),
  'change_case:english_capital': (text) => isUpper(text) && isEnglish(text),
  'change_case:english_lowercase': (text) => isUpper(text.toUpperCase()) && text === text.toLowerCase() && isEnglish(text),
  'punctuation:no_comma': (text) => !text.includes(','),
  'language:response_language': withText('language', (text, language) => {
    const detected = detectLanguage(text)
    return detected === null ? null : detected === language
  }),
}

function isEnglish(text: string): boolean | null {
  const detected = detectLanguage(text)
  return detected === null ? null : detected === 'en'
}

/** Has a letter that knows case, and none in lower case. */
function isUpper(text: string): boolean {
  return text === text.toUpperCase() && text !== text.toLowerCase()
}

function withoutQuotes(text: string): string {
  let [start, end] = [0, text.length]
  while (start < end && text[start] === '"') start += 1
  while (end > start && text[end - 1] === '"') end -= 1
  return text.slice(start, end)
}
