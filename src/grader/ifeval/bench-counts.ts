/**
 * @file The families "count" and "ratio" of IFBench. Source: Pyatkin et al., "Generalizing Verifiable Instruction Following" (2025), arXiv:2507.02833.
 */
import { z } from 'zod'
import { COUNT, instruction, TRIMMED } from './instruction.ts'
import type { Instructions } from './instruction.ts'
import { countOf } from './mentions-of.ts'
import { sentencesOf } from './sentences.ts'
import { CONJUNCTIONS, NAMES, PRONOUNS, STOP_WORDS } from './word-lists.ts'
import { bareWords, countWords, tokensOf, wordsIn } from './words.ts'

const PERCENT = z.number('a number from 0 to 100').min(0, 'a number from 0 to 100').max(100, 'a number from 0 to 100')
const KEYWORDS = { keyword1: TRIMMED, keyword2: TRIMMED, keyword3: TRIMMED, keyword4: TRIMMED, keyword5: TRIMMED }

/** Instructions by id. */
export const benchCounts: Instructions = {
  'count:word_count_range': instruction(
    { min_words: COUNT, max_words: COUNT },
    (text, given) => countWords(text) >= given.min_words && countWords(text) <= given.max_words,
    (given) => (given.min_words > given.max_words ? 'min_words must be at most max_words' : null),
  ),
  'count:unique_word_count': instruction({ N: COUNT }, (text, given) => new Set(bareWords(text)).size >= given.N),
  'count:conjunctions': instruction(
    { small_n: COUNT },
    (text, given) => new Set(bareWords(text).filter((word) => CONJUNCTIONS.has(word))).size >= given.small_n,
    (given) => (given.small_n > CONJUNCTIONS.size ? `small_n must be at most ${CONJUNCTIONS.size}` : null),
  ),
  'count:person_names': instruction(
    { N: COUNT },
    (text, given) => {
      const words = new Set(wordsIn(text))
      return NAMES.filter((name) => words.has(name)).length >= given.N
    },
    (given) => (given.N > NAMES.length ? `N must be at most ${NAMES.length}` : null),
  ),
  'count:numbers': instruction(
    { N: COUNT },
    (text, given) => (text.replaceAll(/[!-/:-@[-`{-~]/gu, '').match(/\p{Nd}+/gu) ?? []).length === given.N,
  ),
  'count:pronouns': instruction(
    { N: COUNT },
    (text, given) => tokensOf(text.toLowerCase().replaceAll('/', ' ')).filter((word) => PRONOUNS.has(word)).length >= given.N,
  ),
  'count:punctuation': instruction({}, hasEveryMark),
  'count:words_japanese': instruction({ N: COUNT }, (text, given) =>
    text
      .trim()
      .split(/\s+/u)
      .every((word, index) => (index + 1) % given.N !== 0 || /[\u3040-\u30FF\u4E00-\u9FFF]/u.test(word) || !/\p{L}/u.test(word)),
  ),
  'count:keywords_multiple': instruction(KEYWORDS, (text, given) => {
    const wanted = [given.keyword1, given.keyword2, given.keyword3, given.keyword4, given.keyword5]
    return wanted.every((keyword, index) => countOf(text, keyword) === [1, 2, 3, 5, 7][index])
  }),
  'ratio:stop_words': instruction({ percentage: PERCENT }, (text, given) => {
    const words = wordsIn(text).map((word) => word.toLowerCase())
    return words.length > 0 && (words.filter((word) => STOP_WORDS.has(word)).length / words.length) * 100 <= given.percentage
  }),
  'ratio:sentence_type': instruction({}, (text) => {
    const { '.': statements, '?': questions } = endsOf(text)
    return questions > 0 && statements === 2 * questions
  }),
  'ratio:sentence_balance': instruction({}, (text) => {
    const { '.': statements, '?': questions, '!': exclamations } = endsOf(text)
    return statements > 0 && statements === questions && questions === exclamations
  }),
  'ratio:sentence_words': instruction({}, (text) => {
    const lengths = sentencesOf(text).map((sentence) => Array.from(sentence).length)
    return lengths.length === 3 && new Set(lengths).size === 1
  }),
}

/** How many sentences end in each mark. */
function endsOf(text: string): Readonly<Record<'.' | '?' | '!', number>> {
  const marks = sentencesOf(text).map((sentence) => sentence.at(-1))
  const count = (mark: string): number => marks.filter((other) => other === mark).length
  return { '.': count('.'), '?': count('?'), '!': count('!') }
}

/** All of . , ! ? ; : beside one interrobang. */
function hasEveryMark(text: string): boolean {
  if (!/!\?|\?!|‽/u.test(text)) return false
  const rest = text.includes('?!') ? text.replace('?!', '') : text.replace('!?', '')
  return Array.from('.,!?;:').every((mark) => rest.includes(mark))
}
