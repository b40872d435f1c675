/**
 * @file The instructions of IFTrain, with which Tülu 3 and IF-RLVR were trained beside IFEval's. Source: the paper of IFBench, arXiv:2507.02833.
 */
import { isAt, isPalindrome, everyPair } from './bench-words.ts'
import { isSpan, SPAN, spanProblem } from './bench-tasks.ts'
import { COUNT, instruction, related, RELATION, TEXT, TRIMMED } from './instruction.ts'
import type { Instruction, Instructions } from './instruction.ts'
import { keywords } from './keywords.ts'
import { countDivided } from './length.ts'
import { countOf, hasWord, visible } from './mentions-of.ts'
import { sentencesOf } from './sentences.ts'
import { bareWords, isLower, solidWords, timesOf, wordsIn, wordTokens } from './words.ts'

const same = (text: string, wanted: string): boolean => text.trim().toLowerCase() === wanted.trim().toLowerCase()
const copy = instruction({ prompt_to_repeat: TEXT }, (text, given) => same(text, given.prompt_to_repeat))

/** Instructions by id. */
export const trained: Instructions = {
  'copy:copy': copy,
  'copy:copying_simple': copy,
  'copy:copying_multiple': instruction({ prompt_to_repeat: TEXT, N: COUNT }, (text, given) => {
    const copies = text.split('******')
    return copies.length === given.N && copies.every((part) => same(part, given.prompt_to_repeat))
  }),
  'copy:repeat_phrase': instruction({ phrase: TRIMMED, small_n: COUNT }, repeatsPhrase, ({ phrase }) =>
    phrase.split(/\s+/u).length < 3 ? 'phrase must be at least three words' : null,
  ),
  'new:copy_span_idx': instruction(SPAN, isSpan, spanProblem),
  'keywords:word_once': instruction({ keyword: TRIMMED }, (text, given) => countOf(text, given.keyword) === 1),
  'keywords:word_count_different_numbers': keywords['keywords:frequency'] as Instruction,
  'keywords:exclude_word_harder': instruction(
    { keyword: TRIMMED },
    (text, given) => !hasWord(text, given.keyword) && !hasWord(visible(text), given.keyword),
  ),
  'keywords:no_adjacent_consecutive': instruction({}, (text) =>
    everyPair(
      text
        .trim()
        .toLowerCase()
        .split(/\s+/u)
        .map((word) => word.codePointAt(0) as number),
      (letter, next) => next !== letter + 1,
    ),
  ),
  'keywords:palindrome': instruction({}, (text) => solidWords(text).some((word) => isPalindrome(word, 3))),
  'keywords:keyword_specific_position': instruction({ keyword: TRIMMED, n: COUNT, m: COUNT }, isAt),
  'keywords:start_end': instruction({}, (text) => {
    const words = wordTokens(text)
    return words.length > 1 && words[0] === words.at(-1) && /[\p{L}\p{M}\p{N}]$/u.test(text.trim())
  }),
  'detectable_format:square_brackets': instruction({}, (text) =>
    text
      .trim()
      .split(/\s+/u)
      .every((word) => word.startsWith('[') && word.endsWith(']')),
  ),
  'detectable_format:bigram_wrapping': instruction({}, (text) => {
    const words = text.trim().split(/\s+/u)
    return words.length > 1 && words.every((word, index) => isWrapped(word, index, words.length))
  }),
  'paragraphs:paragraphs': instruction({}, (text) => countDivided(text, '***') === 2),
  'paragraphs:paragraphs2': instruction({}, (text) => countDivided(text, '\n\n') === 2),
  'first_word:first_word_sent': instruction({ first_word: TRIMMED }, (text, given) =>
    sentencesOf(text).every((sentence) => bareWords(sentence)[0] === bareWord(given.first_word)),
  ),
  'first_word:first_word_answer': instruction({ first_word: TRIMMED }, (text, given) => bareWords(text)[0] === bareWord(given.first_word)),
  'last_word:last_word_sent': instruction({ last_word: TRIMMED }, (text, given) =>
    sentencesOf(text).every((sentence) => bareWords(sentence).at(-1) === bareWord(given.last_word)),
  ),
  'last_word:last_word_answer': instruction({ last_word: TRIMMED }, (text, given) => bareWords(text).at(-1) === bareWord(given.last_word)),
  'punctuation:punctuation_dot': instruction({}, (text) => !text.includes('.')),
  'punctuation:punctuation_exclamation': instruction({}, (text) => !text.includes('!')),
  'count:lowercase_counting': instruction({ N: COUNT }, (text, given) => wordsIn(text).filter(isLower).length <= given.N),
  'count:count_unique': instruction({}, (text) => [...timesOf(wordTokens(text)).values()].every((times) => times === 1)),
  'count:count_increment_word': instruction(
    { keyword1: TRIMMED, keyword2: TRIMMED },
    (text, given) => countOf(text, given.keyword1) === 1 && countOf(text, given.keyword2) === 2,
  ),
  'letters:letter_counting': instruction({ N: COUNT, relation: RELATION }, (text, given) =>
    related((text.match(/\p{L}/gu) ?? []).length, given.relation, given.N),
  ),
  'letters:letter_counting2': keywords['keywords:letter_frequency'] as Instruction,
}

/** A word as `bareWords` gives it. */
function bareWord(word: string): string {
  return bareWords(word)[0] ?? word
}

/** The first of two words opens, the second closes; the last word of an odd number stands alone. */
function isWrapped(word: string, index: number, count: number): boolean {
  if (index % 2 === 1) return word.endsWith('>>')
  return index === count - 1 || word.startsWith('<<')
}

/** As often as asked, each time from the phrase's first word to its last with one word between them changed. */
function repeatsPhrase(text: string, { phrase, small_n: wanted }: { readonly phrase: string; readonly small_n: number }): boolean {
  const words = phrase.split(/\s+/u)
  const [first, last] = [`${words[0]} `, ` ${words.at(-1)}`]
  const found: string[] = []
  for (const line of text.split('\n')) {
    let start = line.indexOf(first)
    while (start !== -1) {
      const end = line.indexOf(last, start + first.length)
      if (end === -1) break
      found.push(line.slice(start, end + last.length))
      start = line.indexOf(first, end + last.length)
    }
  }
  return found.length === wanted && found.every((variant) => differences(variant.split(/\s+/u), words) === 1)
}

function differences(found: readonly string[], wanted: readonly string[]): number {
  return found.length === wanted.length ? found.filter((word, index) => word !== wanted[index]).length : Infinity
}
