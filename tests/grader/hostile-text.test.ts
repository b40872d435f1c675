import { expect, test } from 'vitest'
import type { Grader } from '../../src/eval/grader.ts'
import { graders } from '../../src/grader/graders.ts'
import { gradeWith } from './grade-with.ts'

const LENGTH = 10_000
const HOSTILE: Readonly<Record<string, string>> = {
  'open braces': '{'.repeat(LENGTH),
  'open brackets': `{"a":${'['.repeat(LENGTH)}`,
  'nested objects': '{"a":'.repeat(LENGTH / 5) + '1' + '}'.repeat(LENGTH / 5),
  'small objects': '{}'.repeat(LENGTH / 2),
  'open quotes': '{"'.repeat(LENGTH / 2),
  'back slashes': `{"${'\\'.repeat(LENGTH)}`,
  digits: '1'.repeat(LENGTH),
  'digits then a letter': `${'1'.repeat(LENGTH)}x`,
  'thousands groups': `1${',111'.repeat(LENGTH / 4)},1`,
  'signs and points': '+-.e,'.repeat(LENGTH / 5),
  'white space': ' \n\t'.repeat(LENGTH / 3) + 'x',
  dashes: '2026-'.repeat(LENGTH / 5),
  'labels again and again': 'urgent routine '.repeat(LENGTH / 15),
  'expanding ligatures': '\ufdfa'.repeat(LENGTH),
  'lone surrogates': '\ud800'.repeat(LENGTH),
  'combining marks': `e${'\u0301'.repeat(LENGTH)}`,
  'null characters': '\u0000'.repeat(LENGTH),
}

const ALL: readonly (readonly [Grader, string | number | { a: number }])[] = [
  [graders.exactMatch({ ignoreCase: true }), 'y'],
  [graders.label({ labels: ['urgent', 'routine'] }), 'urgent'],
  [graders.number(), 7],
  [graders.isoDate(), '2026-11-23'],
  [graders.jsonMatch({ fields: { a: 'number' } }), { a: 1 }],
]

test.each(Object.keys(HOSTILE))('every grader gives 0 for 10 kB of %s, in bounded time', (name) => {
  for (const [grader, gold] of ALL) {
    const start = performance.now()
    expect(gradeWith(grader, HOSTILE[name] as string, gold, 'eval').reward, grader.name).toBe(0)
    expect(gradeWith(grader, HOSTILE[name] as string, gold, 'reward').reward, grader.name).toBe(0)
    // Linear work takes about a millisecond; anything quadratic takes seconds. Generous, because the machine may be busy.
    expect(performance.now() - start, grader.name).toBeLessThan(1000)
  }
})
