/**
 * @file The families "words" and "sentence" of IFBench.
 */
import { COUNT, instruction, TRIMMED } from './instruction.ts'
import type { Instructions } from './instruction.ts'
import { hasWord } from './mentions-of.ts'
import { sentencesOf } from './sentences.ts'
import { bareWords, solidWords, timesOf, wordTokens } from './words.ts'

/** Instructions by id. */
export const benchWords: Instructions = {
  'words:alphabet': instruction({}, (text) => inAlphabet(solidWords(text))),
  'words:vowel': instruction(
    {},
    (text) => !text.trim().includes('\n') && new Set(text.toLowerCase().match(/[aeiou]/gu)).size <= 3 && /\p{L}/u.test(text),
  ),
  'words:consonants': instruction({}, (text) =>
    text
      .trim()
      .toLowerCase()
      .split(/\s+/u)
      .every((word) => /[bcdfghj-np-tv-z]{2}/u.test(word)),
  ),
  'words:palindrome': instruction({}, (text) => new Set(solidWords(text).filter((word) => isPalindrome(word, 5))).size >= 10),
  'words:prime_lengths': instruction(
    {},
    (text) => solidWords(text).every((word) => isPrime(Array.from(word).length)) && /\p{L}/u.test(text),
  ),
  'words:repeats': instruction({ small_n: COUNT }, (text, given) => Math.max(0, ...timesOf(solidWords(text)).values()) <= given.small_n),
  'words:last_first': instruction({}, (text) =>
    everyPair(sentencesOf(text).map(bareWords), (words, next) => words.length > 0 && words.at(-1) === next[0]),
  ),
  'words:paragraph_last_first': instruction({}, (text) =>
    text
      .split('\n')
      .map(bareWords)
      .every((words) => words[0] === words.at(-1)),
  ),
  'words:no_consecutive': instruction({}, (text) => everyPair(solidWords(text), (word, next) => initial(word) !== initial(next))),
  'words:keywords_specific_position': instruction({ keyword: TRIMMED, n: COUNT, m: COUNT }, isAt),
  'words:words_position': instruction({ keyword: TRIMMED }, (text, given) => {
    const words = wordTokens(text)
    return words.length > 2 && [words[1], words.at(-2)].every((word) => word === given.keyword.toLowerCase())
  }),
  'sentence:alliteration_increment': instruction({}, (text) =>
    everyPair(sentencesOf(text).map(alliteration), (count, next) => next > count),
  ),
  'sentence:keyword': instruction({ word: TRIMMED, N: COUNT }, (text, given) => hasWord(sentencesOf(text)[given.N - 1] ?? '', given.word)),
  'sentence:increment': instruction({ small_n: COUNT }, (text, given) =>
    everyPair(
      sentencesOf(text).map((sentence) => solidWords(sentence).length),
      (count, next) => next === count + given.small_n,
    ),
  ),
}

/** Whether a keyword is the m-th word of the n-th sentence. */
export function isAt(text: string, given: { readonly keyword: string; readonly n: number; readonly m: number }): boolean {
  return wordTokens(sentencesOf(text)[given.n - 1] ?? '')[given.m - 1] === given.keyword.toLowerCase()
}

/** Whether a word of at least so many letters reads the same from behind. */
export function isPalindrome(word: string, letters: number): boolean {
  const characters = Array.from(word)
  return characters.length >= letters && /\p{L}/u.test(word) && characters.toReversed().join('') === word
}

/** Whether what must hold of neighbours holds of all. */
export function everyPair<T>(items: readonly T[], holds: (item: T, next: T) => boolean): boolean {
  return items.every((item, index) => index + 1 >= items.length || holds(item, items[index + 1] as T))
}

function initial(word: string): string {
  return Array.from(word)[0] as string
}

function inAlphabet(words: readonly string[]): boolean {
  const indexes = words.map((word) => 'abcdefghijklmnopqrstuvwxyz'.indexOf(initial(word)))
  return indexes.length > 0 && indexes[0] !== -1 && everyPair(indexes, (index, next) => next === (index + 1) % 26)
}

function isPrime(length: number): boolean {
  for (let divisor = 2; divisor * divisor <= length; divisor += 1) if (length % divisor === 0) return false
  return length > 1
}

/** How many words of a sentence stand in runs with one first letter. */
function alliteration(sentence: string): number {
  const letters = bareWords(sentence).map(initial)
  return letters.filter((letter, index) => letter === letters[index - 1] || letter === letters[index + 1]).length
}
