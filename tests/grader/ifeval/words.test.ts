import { expect, test } from 'vitest'
import { countWords, isLower, isUpper, tokensOf, wordsIn } from '../../../src/grader/ifeval/words.ts'

test.each<readonly [string, number]>([
  ["don't go", 3],
  ['snake_case 3.14 x²', 4],
  ['नमस्ते दुनिया', 2],
  ['ನಾನು ಬಂದೆ', 2],
  ['বাংলা ভাষা', 2],
  ['สวัสดี ครับ', 2],
  ['می\u200cخواهم بروم', 2],
  ['שָׁלוֹם עוֹלָם', 2],
  ['re\u0301sume\u0301', 1],
  ['hy\u00adphen', 1],
  ['❤️ 👍🏽', 0],
  ['1️⃣ first', 2],
  ['人人生而自由。他们', 2],
  ['', 0],
])('countWords() of %j is %i', (text, count) => {
  expect(countWords(text)).toBe(count)
  expect(wordsIn(text)).toHaveLength(count)
})

test.each<readonly [string, readonly string[]]>([
  ["I'M NOT, DON'T!", ['I', "'M", 'NOT', ',', 'DO', "N'T", '!']],
  ['The U.S. is BIG.', ['The', 'U.S.', 'is', 'BIG', '.']],
  ['"AT&T" (1,000)', ['"', 'AT', '&', 'T', '"', '(', '1,000', ')']],
  ['COVID-19—NOW', ['COVID-19', '—', 'NOW']],
])('tokensOf() splits %j', (text, tokens) => {
  expect(tokensOf(text)).toEqual(tokens)
})

test('isUpper() and isLower() know small and capital letters without a partner', () => {
  expect(['A1!', 'É', '𝐀', 'Ⓐ'].map(isUpper)).toEqual([true, true, true, true])
  expect(['Aª', 'ǅ', 'A𝐚', '1', '', 'Straße'].map(isUpper)).toEqual([false, false, false, false, false, false])
  expect(['a1!', 'ß', 'ª', '𝐚'].map(isLower)).toEqual([true, true, true, true])
  expect(['a𝐀', 'ǅ', 'aB', '1'].map(isLower)).toEqual([false, false, false, false])
})
