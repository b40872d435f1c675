import { expect, test } from 'vitest'
import type { JsonValue } from '../../../src/base/json.ts'
import { caseTests } from '../../../src/grader/code/case-tests.ts'
import { runsTests } from '../../../src/grader/runs-tests.ts'
import { messageOf } from '../grade-with.ts'

const pair = { kind: 'pair', argsJson: '[1]', expectedJson: '2' }

test.each<[JsonValue, unknown]>([
  [
    ['assert f(1) == 1', { args: [1], expected: 2 }, { input: 1, output: 2 }],
    { entry: null, program: null, list: [{ kind: 'source', source: 'assert f(1) == 1' }, pair, pair] },
  ],
  [
    { tests: 'assert f(1)', entry: 'f' },
    { entry: 'f', program: 'assert f(1)', list: [] },
  ],
  [[{ input: 1, expected: null }], { entry: null, program: null, list: [{ ...pair, expectedJson: 'null' }] }],
  [[{ args: [1], want: 2 }], 'test 1 has the member "want", which is none of args, input, expected'],
  [['assert f(1)', { input: 1, expected: 2, arg: 1 }], 'test 2 has the member "arg", which is none of args, input, expected'],
  [[{ args: [1] }], 'test 1 needs either args or input, and one expected value'],
  [[{ args: [1], input: 1, expected: 2 }], 'test 1 needs either args or input, and one expected value'],
  [[{ args: [1], expected: 2, output: 2 }], 'test 1 needs either args or input, and one expected value'],
  [[{ args: 1, expected: 2 }], 'test 1 has args that are no list: for a single argument write input'],
  [[7], 'test 1 is neither an assertion nor { args, expected }'],
  [[' '], 'test 1 is empty'],
  [[], 'the tests are empty'],
  [' ', 'the tests are empty'],
  [7, 'tests are a program, or a list of assertions and of { args, expected }'],
  [null, 'tests are a program, or a list of assertions and of { args, expected }'],
  [
    { test: ['assert f(1)'] },
    'tests are a program, or a list of assertions and of { args, expected }, or an object { tests, entry }; it has "test"',
  ],
  [{ tests: ['assert f(1)'], entry: 'a b' }, 'the entry "a b" is no name of a function'],
  [
    [{ args: ['12345678901234567890'], expected: 1 }],
    'test 1 has "12345678901234567890", which may be meant as a number that JavaScript would round or as a text: write the test as an assertion',
  ],
  [
    [{ args: [1], expected: { a: [2 ** 60] } }],
    'test 1 has the number 1152921504606847000, which JavaScript rounds: write the test as an assertion',
  ],
  [[{ args: ['1234567890', 9007199254740991, 0.1, '12-34'], expected: 1 }], expect.objectContaining({ program: null })],
])('caseTests() of %j is %j', (expected, wanted) => {
  expect(caseTests(expected, {})).toEqual(wanted)
})

test('runsTests() refuses malformed tests of its own when it is defined', () => {
  expect(messageOf(() => runsTests({ language: 'python', tests: [{ args: [1], want: 2 } as never] }))).toBe(
    'GRADER_OPTIONS_INVALID  The settings of a grader are not usable: test 1 has the member "want", which is none of args, input, expected\n' +
      '  where  graders.runsTests({ … }), <here>\n' +
      "  fix    give tests like ['assert(add(1, 2) === 3)', { args: [2, 2], expected: 4 }], or the text of a test program",
  )
})

test('caseTests() takes texts of many digits as texts where the tests are settings of the grader', () => {
  const tests = [{ args: ['12345678901234567890'], expected: '12345678901234567891' }]
  expect(caseTests(null, { tests })).toMatchObject({ list: [{ argsJson: '["12345678901234567890"]' }] })
})
