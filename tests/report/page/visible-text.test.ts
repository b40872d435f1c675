import fc from 'fast-check'
import { expect, test } from 'vitest'
import { visibleText } from '../../../src/report/visible-text.ts'
import { pageModule } from './page-module.ts'

const page = await pageModule('visible-text')

test('visibleText() shows steering characters by code, in the page as in the templates', () => {
  expect(visibleText('a\u202eb\u0000\n\tc\u200f')).toBe('a⟨U+202E⟩b⟨U+0000⟩\n\tc⟨U+200F⟩')
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => page.visibleText(text) === visibleText(text)))
  // Where it matters what stands beside a character.
  const beside = [
    ...['\u200c', '\u200d', '\ufe0f', '\ufe01', '\u20e3', '\u{e0100}', '\u{e0067}', '\u{e0062}', '\u{e0065}', '\u{e006e}', '\u{e007f}'],
    ...['👩', '🏽', '🏴', '❤', '1', 'a', 'م', 'ی', 'क', '\u094d', '葛', '\u1820', '\u180b', '\u00ad', '\u061c', '\u3164', '\ud83d'],
  ]
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...beside) }), (text) => page.visibleText(text) === visibleText(text)),
    { numRuns: 500 },
  )
})
