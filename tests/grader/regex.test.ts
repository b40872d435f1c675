import { expect, test } from 'vitest'
import { regex } from '../../src/grader/regex.ts'
import { gradeWith, messageOf, rewards } from './grade-with.ts'

test.each([
  ['500 mg', [1, 1]],
  [' 500 mg\n', [1, 1]],
  ['Take 500 mg.', [1, 0]],
  ['500 mg or 600 mg', [1, 0]],
  ['five mg', [0, 0]],
  ['', [0, 0]],
])('regex() rewards %j with %j (eval, reward): the whole answer must match to be rewarded', (text, wanted) => {
  expect(rewards(regex({ pattern: String.raw`\d+ mg` }), text, null)).toEqual(wanted)
})

test('regex() with full says for both profiles how much must match', () => {
  expect(rewards(regex({ pattern: '^yes', full: false }), 'yes, because', null)).toEqual([1, 1])
  expect(rewards(regex({ pattern: 'yes', full: true }), 'yes, because', null)).toEqual([0, 0])
})

test('regex() with a group compares what it captures with the expected text', () => {
  const dose = regex({ pattern: /dose: (?<dose>\w+)/i, group: 'dose' })
  expect(rewards(dose, 'Dose: twenty', 'twenty')).toEqual([1, 1])
  expect(rewards(dose, 'Dose: Twenty', 'twenty')).toEqual([1, 0])
  expect(rewards(dose, 'Dose: ten', 'twenty')).toEqual([0, 0])
  expect(rewards(dose, 'So, dose: twenty!', 'twenty')).toEqual([1, 0])
  expect(gradeWith(dose, 'none', 'twenty')).toMatchObject({ reward: 0, formatValid: false, extractionRule: null })
  expect(gradeWith(dose, 'none', null).errors[0]?.code).toBe('GOLD_UNUSABLE')
  expect(rewards(regex({ pattern: '(a)|(b)', group: 2 }), 'a', 'b')).toEqual([0, 0])
})

test('regex() takes the flags of a regular expression and JavaScript escapes', () => {
  expect(rewards(regex({ pattern: /^b$/im }), 'a\nB', null)).toEqual([1, 0])
  expect(rewards(regex({ pattern: 'a.b', flags: 's', full: true }), 'a\nb', null)).toEqual([1, 1])
  expect(rewards(regex({ pattern: /\u{1F600}\/\x41/u }), '\u{1F600}/A', null)).toEqual([1, 1])
})

test.each(['(a)\\1', '(?=a)b', '(?!a)b', '(?<=a)b', '(?<!a)b', '(?<n>a)\\k<n>', '(', '[z-a]', 'a{1001}', '(a{500}){3}'])(
  'regex() refuses the pattern %s when it is defined',
  (pattern) => {
    expect(() => regex({ pattern })).toThrow('PATTERN_UNUSABLE')
  },
)

test('regex() says why a pattern is refused, where, and what to do', () => {
  expect(messageOf(() => regex({ pattern: String.raw`(\w+) \1` }))).toBe(
    String.raw`PATTERN_UNUSABLE  The pattern "(\\w+) \\1" cannot be used: invalid escape sequence: ` +
      '`\\1`\n  where  graders.regex({ … }), <here>\n' +
      '  fix    patterns run on RE2, in time linear in the text: write it without look-around and backreferences, with at most 1000 repeats of anything small',
  )
  expect(() => regex({ pattern: 'x{900}' })).toThrow('it is 902 instructions long, at most 300 are quick enough')
  expect(() => regex({ pattern: 'x{200}', group: 0 })).toThrow('it is 202 instructions long, at most 150 are quick enough')
  expect(() => regex({ pattern: 'x', flags: 'y' })).toThrow('the flag "y" is not one of i, m, s, u')
  expect(() => regex({ pattern: 'x', group: 1 })).toThrow('the pattern has no group 1')
  expect(() => regex({ pattern: 'x', group: 'toString' })).toThrow('the pattern has no group "toString"')
})

test.each([
  '(a|aa)*b',
  '(a*)*b',
  '(x+x+)+y',
  '^(\\s*a\\s*)*$',
  '(.*)(\\d+)(.*)(.*)(.*)x',
  '(?s).*(a|b|ab)*(.{100})c',
  '(\\pL{1,30}\\s){2}',
])('regex() runs %s on hostile text without backtracking', (pattern) => {
  const grader = regex({ pattern, group: 0 })
  const start = performance.now()
  for (const text of ['a'.repeat(10_000), 'x'.repeat(10_000), 'ab '.repeat(3333), '9'.repeat(10_000)]) {
    expect(gradeWith(grader, text, 'q', 'eval').reward).toBe(0)
    expect(gradeWith(grader, text, 'q', 'reward').reward).toBe(0)
  }
  // Backtracking would take longer than the universe; a second is generous for a busy machine.
  expect(performance.now() - start).toBeLessThan(1000)
})
