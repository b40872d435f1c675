import { expect, test } from 'vitest'
import type { GradingProfile } from '../../../src/eval/grader.ts'
import { compareAnswers } from '../../../src/grader/answer/compare-answers.ts'
import { extractAnswer } from '../../../src/grader/answer/extract-answer.ts'
import { answer } from '../../../src/grader/answer.ts'
import { gradeWith } from '../grade-with.ts'

const LENGTH = 10_000
const many = (count: number, write: (index: number) => string, joint = '') =>
  Array.from({ length: count }, (_, index) => write(index)).join(joint)

const HOSTILE: Readonly<Record<string, string>> = {
  'open parentheses': '('.repeat(LENGTH),
  'open braces': '{'.repeat(LENGTH),
  'nested parentheses': `${'('.repeat(900)}1${')'.repeat(900)}`,
  'a million digits': '9'.repeat(1_000_000),
  'digits within the limit': '9'.repeat(1_999),
  'a tower of powers': '10^10^10',
  'a long tower of powers': `${'10^'.repeat(600)}10`,
  'a tower of twos': '2^{2^{2^{2^{2}}}}',
  'a huge exponent': `1e${'9'.repeat(1_900)}`,
  'a huge power of one': '1^{9999999999999999}',
  'a huge power of a half': '0.5^{99999999}',
  'a huge factorial': '100000!',
  factorials: `4${'!'.repeat(1_900)}`,
  'a huge binomial': '\\binom{1000}{500}',
  'open boxes': '\\boxed{'.repeat(LENGTH / 7),
  'many boxes': '\\boxed{(x+1)^50}'.repeat(LENGTH / 16),
  'open fractions': '\\frac{'.repeat(LENGTH / 6),
  'nested fractions': `${'\\frac{1}{'.repeat(190)}1${'}'.repeat(190)}`,
  'nested roots': `${'\\sqrt{'.repeat(250)}2${'}'.repeat(250)}`,
  'roots of primes': many(60, (index) => `\\sqrt{9007199254740${100 + index}}`, '+'),
  'sums of unlike fractions': many(190, (index) => `1/${10_007 + index}`, '+'),
  'sums of huge fractions': many(12, (index) => `x^${index}/${index + 1}${'3'.repeat(140)}`, '+'),
  'products of sums': '(a+b+c)(x+y+z)'.repeat(50),
  'products of roots': many(100, (index) => `(1+\\sqrt{${index + 2}})`),
  'a power of a long sum': '(a+b+c+d+x+y+z+w)^60',
  'powers of powers': '((x+1)^60)^60',
  'a root of huge fractions': `\\sqrt{${many(12, (index) => `x^${index}/${index + 1}${'3'.repeat(140)}`, '+')}}`,
  'many binomials': many(110, () => '\\binom{1000}{500}', '+'),
  'many factorials': many(390, () => '170!', '+'),
  'nested sums worth nothing': `${'(1+0*'.repeat(50)}(x+1)^20${')'.repeat(50)}`,
  'a large set': `{${many(450, String, ',')}}`,
  'a set of powers': `{${many(70, (index) => `(x+${index})^9`, ',')}}`,
  'a long list': many(400, () => '1', ' and '),
  'long relations': many(300, () => '1', '<'),
  'a wide matrix': `\\begin{pmatrix}${'1&'.repeat(250)}1\\end{pmatrix}`,
  signs: `${'-'.repeat(1_900)}1`,
  'both signs': `${'±'.repeat(1_900)}1`,
  bars: '|'.repeat(1_999),
  'thousands groups': `1${',111'.repeat(490)}`,
  superscripts: '²'.repeat(1_900),
  'expanding ligatures': '\ufdfa'.repeat(1_990),
  'many expanding ligatures': '\ufdfa'.repeat(LENGTH),
  'dollar signs': '$'.repeat(LENGTH),
  'open texts': '\\text{'.repeat(330),
  'white space': `${' \n\t'.repeat(600)}x`,
  'back slashes': '\\'.repeat(1_999),
  markers: '####'.repeat(LENGTH / 4),
  phrases: 'answer is '.repeat(LENGTH / 10),
  'JSON objects': '{"a":'.repeat(LENGTH / 5),
  functions: '\\sin '.repeat(300) + 'x',
  'open function brackets': 'f('.repeat(900),
  'nested functions': `${'f('.repeat(250)}2${')'.repeat(250)}`,
  'functions of long numbers': many(120, (index) => `x(${index})`),
  'repeating decimals': many(150, (index) => `0.\\overline{${index}}`, '+'),
  'dots that never end': `0.${'1'.repeat(1_900)}...`,
  'blocks that almost repeat': `0.${'123456'.repeat(300)}7...`,
  logarithms: many(120, (index) => `\\log_{${index + 2}} ${index + 10_007}`, '+'),
  'sines of many angles': many(100, (index) => `\\sin\\frac{\\pi}{${index + 7}}`, '+'),
  'inverse sines': many(100, (index) => `\\arcsin\\frac{${index + 1}}{300}`, '+'),
  'towers of e': `${'e^{'.repeat(200)}i\\pi${'}'.repeat(200)}`,
  'many intervals': many(150, (index) => `(${index},${index + 1})`, '∪'),
  'many inequalities': many(150, (index) => `x<${index}`, ' or '),
  'many equations': many(150, (index) => `x=${index}`, ', '),
  'arrays in arrays': '\\left[\\begin{array}{c}'.repeat(70),
  'a column list without end': `\\begin{array}{${'c'.repeat(1_900)}`,
  'per per per': `7 ${'per '.repeat(450)}`,
  'square square': `7 ${'square '.repeat(250)}m`,
  'many units': `7 ${'m '.repeat(900)}`,
  'choices of choices': 'A. '.repeat(600),
  'commas and digits': '1,23'.repeat(480),
  'points and commas': '1.234,5'.repeat(280),
  'boxes joined': many(900, () => '\\boxed{1}', ' and '),
  denials: `${'not '.repeat(2_400)}\\boxed{7}`,
  'lone surrogates': '\ud800'.repeat(LENGTH),
  'null characters': '\u0000'.repeat(LENGTH),
}
const GOLDS = ['5', '{1,2}', '(x+1)^3', 'Paris']
const PROFILES: readonly GradingProfile[] = ['eval', 'reward']

test.each(Object.keys(HOSTILE))('compareAnswers() and answer() do bounded work on %s', (name) => {
  const hostile = HOSTILE[name] as string
  const start = performance.now()
  expect(compareAnswers(hostile, hostile).equal).toBe(true)
  expect(compareAnswers(hostile, `${hostile}2`).work).toBeLessThan(19_000)
  for (const gold of GOLDS) {
    for (const profile of PROFILES) {
      const compared = compareAnswers(hostile, gold, { profile })
      expect(compared.equal).toBe(false)
      // Three budgets of 6,000 steps, each overrun by one operation at most.
      expect(compared.work).toBeLessThan(19_000)
      expect(gradeWith(answer(), hostile, gold, profile).reward).toBe(0)
    }
  }
  // All of it takes a few dozen milliseconds. Generous, because the machine may be busy; anything quadratic takes longer by far.
  expect(performance.now() - start).toBeLessThan(5_000)
})

test('extractAnswer() refuses a box that never closes and more boxes than an answer has', () => {
  expect(extractAnswer(HOSTILE['open boxes'] as string)).toBe(null)
  expect(extractAnswer(HOSTILE['many boxes'] as string, { profile: 'reward' })).toBe(null)
})

test.each([
  ['10^10^10', '10000000000'],
  ['9'.repeat(1_000_000), '9'.repeat(999_999)],
  ['2^100000', '2^100001'],
  ['1e99999', '1e99998'],
  ['(x+1)^{10000}', '(x+1)^{10001}'],
])('compareAnswers() calls what is too large to work out different (%#)', (a, b) => {
  expect(compareAnswers(a, b).equal).toBe(false)
})
