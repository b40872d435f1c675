/**
 * @file The families "combination", "startend", "change_case", "punctuation" and "language" of IFEval.
 */
import { detectLanguage, LANGUAGES } from './detect-language.ts'
import { COUNT, instruction, related, RELATION, TRIMMED } from './instruction.ts'
import type { Instructions } from './instruction.ts'
import { countDivided } from './length.ts'
import { isLower, isUpper, tokensOf, withoutEdges } from './words.ts'

const LANGUAGE = TRIMMED.transform((code) => code.toLowerCase().replace(/^zh-.*$/, 'zh')).refine(
  (code) => LANGUAGES.has(code),
  `one of ${[...LANGUAGES].join(', ')}`,
)

/** Instructions by id. */
export const wording: Instructions = {
  'combination:two_responses': instruction({}, (text) => {
    const written = text
      .split('******')
      .map((part) => part.trim())
      .filter((part) => part !== '')
    return countDivided(text, '******') === 2 && written[0] !== written[1]
  }),
  'combination:repeat_prompt': instruction({ prompt_to_repeat: TRIMMED }, (text, given) =>
    text.trim().toLowerCase().startsWith(given.prompt_to_repeat.toLowerCase()),
  ),
  'startend:end_checker': instruction({ end_phrase: TRIMMED }, (text, given) =>
    withoutEdges(text.trim(), /"/u).toLowerCase().endsWith(given.end_phrase.toLowerCase()),
  ),
  'startend:quotation': instruction({}, (text) => text.trim().length > 1 && text.trim().startsWith('"') && text.trim().endsWith('"')),
  'change_case:capital_word_frequency': instruction(
    { capital_frequency: COUNT, capital_relation: RELATION },
    (text, { capital_frequency: wanted, capital_relation: relation }) => related(tokensOf(text).filter(isUpper).length, relation, wanted),
  ),
  'change_case:english_capital': instruction({}, (text) => isUpper(text) && isEnglish(text)),
  'change_case:english_lowercase': instruction({}, (text) => isLower(text) && isEnglish(text)),
  'punctuation:no_comma': instruction({}, (text) => !text.includes(',')),
  'language:response_language': instruction({ language: LANGUAGE }, (text, given) => {
    const detected = detectLanguage(text)
    return detected === null ? null : detected === given.language
  }),
}

function isEnglish(text: string): boolean | null {
  const detected = detectLanguage(text)
  return detected === null ? null : detected === 'en'
}
