import { expect, test } from 'vitest'
import { graders } from '../../src/grader/graders.ts'
import { failureOf, loadWith } from './load.ts'

const tests = (want: string) => [{ id: 'a', input: 'add', expected: [{ args: [1], [want]: 2 }], role: 'gate' }]
const code = graders.runsTests({ language: 'python', name: 'code' })

test('ExpectedCheck refuses an eval whose case has tests that nobody could pass or fail, and names row and case', async () => {
  expect(await failureOf({ graders: [code], cases: tests('want') })).toBe(
    'EXPECTED_UNUSABLE  Grader "code" of eval "sum" cannot use what cases expect: evals/sum.eval.ts (case 1), case "a": test 1 has the member "want", which is none of args, input, expected\n' +
      '  where  evals/sum.eval.ts\n' +
      '  fix    correct `expected` of these cases',
  )
  expect((await loadWith({ graders: [code], cases: tests('expected') })).name).toBe('sum')
})

test('ExpectedCheck also asks audit graders and those that another one combines', async () => {
  const cases = tests('want')
  expect(await failureOf({ auditGraders: [code], cases })).toContain('EXPECTED_UNUSABLE')
  expect(await failureOf({ graders: [graders.weighted({ graders: [code] })], cases })).toContain('Grader "code"')
  expect(await failureOf({ graders: [graders.formula({ graders: { code }, expression: 'code' })], cases })).toContain('Grader "code"')
})
