import fc from 'fast-check'
import { expect, test } from 'vitest'
import { pageModule } from '../../../page/page-module.ts'

const { wordDiff, worthMarking } = await pageModule('word-diff')

test('wordDiff() gives both texts back whatever they are', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (before, after) => {
      const parts = wordDiff(before, after)
      const side = (kind: string): string => parts.map((part) => (part.kind === 'both' || part.kind === kind ? part.text : '')).join('')
      expect(side('before')).toBe(before)
      expect(side('after')).toBe(after)
    }),
  )
})

test('wordDiff() marks the changed word only', () => {
  expect(wordDiff('take 10 mg daily', 'take 20 mg daily')).toEqual([
    { kind: 'both', text: 'take ' },
    { kind: 'before', text: '10' },
    { kind: 'after', text: '20' },
    { kind: 'both', text: ' mg daily' },
  ])
})

test('worthMarking() refuses marks on texts that share almost nothing', () => {
  expect(worthMarking(wordDiff('{"drug": "metformin"}', 'I am happy to help, "metfo"'))).toBe(false)
  expect(worthMarking(wordDiff('take 10 mg daily', 'take 20 mg daily'))).toBe(true)
})
