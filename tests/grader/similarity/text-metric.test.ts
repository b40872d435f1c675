/**
 * @file Reference values come from nltk, rouge-score, rapidfuzz and sacrebleu: fixtures/make-reference-values.py says how.
 */
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { commonSubsequenceLength, MATCHED_ITEMS } from '../../../src/grader/similarity/common-subsequence.ts'
import { tokens13a } from '../../../src/grader/similarity/metric-tokens.ts'
import { porterStem } from '../../../src/grader/similarity/porter-stem.ts'
import { canMeasure, textScore } from '../../../src/grader/similarity/text-score.ts'
import { TEXT_METRICS } from '../../../src/grader/similarity/text-metric.ts'
import type { TextMetric } from '../../../src/grader/similarity/text-metric.ts'

type ReferenceRow = Readonly<Record<TextMetric, number>> & {
  readonly answer: string
  readonly reference: string
  readonly tokens: readonly string[]
}
const { texts, stems } = JSON.parse(readFileSync(new URL('fixtures/reference-values.json', import.meta.url), 'utf8')) as {
  readonly texts: readonly ReferenceRow[]
  readonly stems: Readonly<Record<string, string>>
}

test.each(TEXT_METRICS)('textScore(%s) gives the value of the Python library', (metric) => {
  expect(texts.length).toBeGreaterThan(60)
  for (const row of texts) {
    const value = textScore(metric, row.answer, row.reference)
    expect(Math.abs(value - row[metric]), `${row.answer} | ${row.reference}: ${value}, ${row[metric]}`).toBeLessThan(1e-12)
    expect(value).toBeLessThanOrEqual(1)
  }
  expect(new Set(texts.map((row) => row[metric])).size).toBeGreaterThan(7)
})

test('tokens13a() gives the tokens of sacrebleu', () => {
  for (const { answer, tokens } of texts) expect(tokens13a(answer)).toEqual(tokens)
})

test('porterStem() gives the stems of nltk', () => {
  const words = Object.keys(stems)
  expect(words.length).toBeGreaterThan(900)
  expect(words.filter((word) => porterStem(word) !== stems[word])).toEqual([])
})

test('textScore() by METEOR gives a right answer of one word only a half, as the library does', () => {
  expect(textScore('meteor', 'yes', 'yes')).toBe(0.5)
})

test('textScore() is not symmetric where the library is not', () => {
  expect(textScore('bleu', 'a b', 'a b c d')).not.toBe(textScore('bleu', 'a b c d', 'a b'))
  expect(textScore('meteor', 'a b', 'a b c d')).not.toBe(textScore('meteor', 'a b c d', 'a b'))
})

/** The textbook table, for comparison. */
function tableLength(a: readonly number[], b: readonly number[]): number {
  let row: number[] = Array(b.length + 1).fill(0)
  for (const item of a) {
    const next = [0]
    for (const [at, other] of b.entries())
      next.push(item === other ? (row[at] as number) + 1 : Math.max(row[at + 1] as number, next[at] as number))
    row = next
  }
  return row.at(-1) as number
}

test('commonSubsequenceLength() is the length that the textbook table gives', () => {
  const list = fc.oneof(
    fc.array(fc.integer({ min: 0, max: 1 }), { maxLength: 200, size: 'max' }),
    fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 200, size: 'max' }),
  )
  fc.assert(
    fc.property(list, list, (a, b) => {
      expect(commonSubsequenceLength(a, b)).toBe(tableLength(a, b))
    }),
    { seed: 1, numRuns: 300 },
  )
})

test('commonSubsequenceLength() matches nothing behind the first items', () => {
  const long = Array.from({ length: MATCHED_ITEMS + 100 }, (_, at) => at)
  expect(commonSubsequenceLength(long, long)).toBe(MATCHED_ITEMS)
  expect(commonSubsequenceLength([...Array(MATCHED_ITEMS).fill(-1), 7], [7])).toBe(0)
})

test('textScore() counts what it does not match, so that a long answer gains nothing', () => {
  const short = 'right answer'
  const padded = short + 'x'.repeat(MATCHED_ITEMS * 2)
  expect(textScore('fuzzy_match', padded, short)).toBe((2 * short.length) / (padded.length + short.length))
})

const LENGTH = 10_000
const HOSTILE: readonly (readonly [string, string])[] = [
  ['one letter', 'a'.repeat(LENGTH)],
  ['one word', 'ab '.repeat(LENGTH / 3)],
  ['white space before a word', `${' '.repeat(LENGTH - 1)}x`],
  ['white space after a word', `x${' \u001f'.repeat(LENGTH / 2)}`],
  ['punctuation', '.,-&'.repeat(LENGTH / 4)],
  ['digits and points', '1.1,'.repeat(LENGTH / 4)],
  ['words that are all different', Array.from({ length: LENGTH / 5 }, (_, at) => at).join(' ')],
  ['the letter y', `${'y'.repeat(LENGTH)}ing`],
  ['double suffixes', 'alli'.repeat(LENGTH / 4)],
  ['entities', '&amp;quot;'.repeat(LENGTH / 10)],
  ['ligatures', '\ufdfa'.repeat(LENGTH)],
  ['lone surrogates', '\ud800'.repeat(LENGTH)],
]

test.each(HOSTILE)('textScore() gives 10 kB of %s a value from 0 to 1, beside itself and beside the others', (_, text) => {
  for (const metric of TEXT_METRICS) {
    expect(textScore(metric, text, text), metric).toBeGreaterThan(metric === 'meteor' || !canMeasure(metric, text) ? -1 : 0.99)
    for (const [, other] of HOSTILE.slice(0, 3)) {
      const value = textScore(metric, text, other)
      expect(value >= 0 && value <= 1, `${metric} ${value}`).toBe(true)
    }
  }
})

test('canMeasure() asks for a reference with something to count', () => {
  const able = (reference: string): readonly TextMetric[] => TEXT_METRICS.filter((metric) => canMeasure(metric, reference))
  expect(able('')).toEqual([])
  expect(able('日本')).toEqual(['fuzzy_match', 'bleu', 'gleu', 'meteor'])
  expect(able('two words')).toEqual(['fuzzy_match', 'bleu', 'gleu', 'meteor', 'rouge_1', 'rouge_2', 'rouge_l'])
  expect(able('one two three four five')).toEqual(TEXT_METRICS)
})
