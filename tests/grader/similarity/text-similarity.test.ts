import { expect, test } from 'vitest'
import type { Grade } from '../../../src/eval/grader.ts'
import { graderHash } from '../../../src/grader/grader-hash.ts'
import { bleu, rouge, textSimilarity } from '../../../src/grader/similarity/text-similarity.ts'
import { gradeWith, inputOf, rewards } from '../grade-with.ts'

// Answers at once from then on.
await bleu().ready?.()

test('textSimilarity() rewards by the metric, the same in both profiles', () => {
  expect(rewards(textSimilarity({ metric: 'fuzzy_match' }), 'abcd', 'abcx')).toEqual([0.75, 0.75])
  expect(rewards(rouge({ n: 1 }), 'The cat!', 'a cat')).toEqual([0.5, 0.5])
  expect(rewards(rouge({ n: 'l' }), 'b a', 'a b')).toEqual([0.5, 0.5])
  expect(rewards(bleu(), 'take it twice a day', 'take it twice a day')).toEqual([1, 1])
  expect(rewards(bleu(), '', 'take it')).toEqual([0, 0])
})

test('textSimilarity() takes the likest of several expected texts', () => {
  expect(gradeWith(textSimilarity({ metric: 'fuzzy_match' }), 'yes', ['no', 'yes', '']).reward).toBe(1)
})

test('textSimilarity() grades what the parser made, and gives 0 for what is no text', () => {
  const grader = textSimilarity({ metric: 'fuzzy_match' })
  expect((grader.grade(inputOf('the answer: 42', '42', 'eval', 42)) as Grade).reward).toBe(1)
  expect(grader.grade(inputOf('{}', '42', 'eval', {}))).toMatchObject({ reward: 0, formatValid: false })
})

test('textSimilarity() cannot grade against what its metric cannot measure', () => {
  for (const expected of ['', 7, null, [], ['a', 1], { a: 'b' }])
    expect(gradeWith(textSimilarity({ metric: 'fuzzy_match' }), 'x', expected)).toMatchObject({
      reward: null,
      errors: [
        {
          code: 'GOLD_UNUSABLE',
          message: "the case's expected answer is not a text that fuzzy_match can measure, or a list of such texts",
        },
      ],
    })
  expect(gradeWith(rouge({ n: 'l' }), '日本', '日本').reward).toBeNull()
  expect(gradeWith(rouge({ n: 3 }), 'two words', 'two words').reward).toBeNull()
})

test('bleu() and rouge() are textSimilarity() with a name', () => {
  expect([bleu().name, rouge({ n: 2 }).name, textSimilarity({ metric: 'fuzzy_match' }).name]).toEqual(['bleu', 'rouge-2', 'fuzzy-match'])
  expect(rouge({ n: 2, name: 'r', weight: 3 })).toMatchObject({ name: 'r', weight: 3, settings: { metric: 'rouge_2' } })
  expect(graderHash(bleu())).toBe(graderHash(textSimilarity({ metric: 'bleu' })))
  expect(graderHash(rouge({ n: 2 }))).not.toBe(graderHash(rouge({ n: 'l' })))
})
