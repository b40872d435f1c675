import { expect, it } from 'vitest'
import { replaceSteering } from '../../src/base/steering-characters.ts'

const shown = (text: string): string => replaceSteering(text, (character) => `<${(character.codePointAt(0) ?? 0).toString(16)}>`)

it.each([
  ['a family', '👨‍👩‍👧‍👦'],
  ['a skin tone and a joined sign', '👩🏽‍⚕️ 🧑🏿‍🚀'],
  ['a heart and a keycap', '❤️ 1️⃣ #️⃣ ☎︎'],
  ['a rainbow flag, a flag of letters and a flag of tags', '🏳️‍🌈 🇩🇪 🏴󠁧󠁢󠁥󠁮󠁧󠁿 🏴󠁧󠁢󠁳󠁣󠁴󠁿'],
  ['Persian', 'می‌خواهم کتاب‌ها را'],
  ['Hindi', 'क्‍ष और क्‌ष, नमस्ते'],
  ['Sinhala', 'ශ්‍රී ලංකාව'],
  ['a variant of a Chinese character', '葛\u{e0100}'],
  ['tabs, line ends and ordinary words', 'a\tb\nc d ä 漢字 Ω'],
])('replaceSteering() keeps %s whole', (_, text) => {
  expect(shown(text)).toBe(text)
})

it.each([
  ['tags outside a flag', 'a\u{e0068}\u{e0069}', 'a<e0068><e0069>'],
  ['tags after a flag that is none of the three', '🏴\u{e0068}\u{e0069}\u{e007f}', '🏴<e0068><e0069><e007f>'],
  ['an Arabic letter mark', 'a\u061cb', 'a<61c>b'],
  ['a soft hyphen', 'pass\u00adword', 'pass<ad>word'],
  ['a filler of Hangul', '\u3164\u115f\uffa0', '<3164><115f><ffa0>'],
  ['a joiner between Latin letters', 'a\u200db\u200cc', 'a<200d>b<200c>c'],
  ['a second joiner', 'می\u200c\u200cخ', 'می<200c><200c>خ'],
  ['a joiner after an emoji that joins nothing', '👩\u200d!', '👩<200d>!'],
  ['selectors that hide bytes', 'a\ufe01\u{e0102}\ufe0f', 'a<fe01><e0102><fe0f>'],
  ['overrides, marks and separators', '\u202e\u2066\u200e\u2028\ufeff', '<202e><2066><200e><2028><feff>'],
  ['control characters', '\u0000\u001b[31m\u009b\r', '<0><1b>[31m<9b><d>'],
  ['half a character, a noncharacter, an annotation and a blank that is none', '\ud83d\ufdd0\ufff9\u2800', '<d83d><fdd0><fff9><2800>'],
  ['invisible operators and musical ones', '\u2062\u{1d173}\u034f\u180e', '<2062><1d173><34f><180e>'],
])('replaceSteering() shows %s', (_, text, expected) => {
  expect(shown(text)).toBe(expected)
})
