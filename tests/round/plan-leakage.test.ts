import { expect, test } from 'vitest'
import type { CaseInput } from '../../src/eval/case.ts'
import type { Plan } from '../../src/ledger/run-records.ts'
import { planRun } from '../../src/round/plan-run.ts'
import { checkSmall, smallEval } from '../suite/small-suite.ts'

const BASE = { name: 'base', directory: 'base', hash: '', tokenizer: '', parameterCount: 1, runtime: '' }
const LETTER = 'Dear clinic, since Monday my left knee hurts when I climb stairs, and the pills of last week did not help at all, what now?'

async function warningsOf(retained: string, compared?: NonNullable<Plan['compared']>): Promise<string[]> {
  const plain = (name: string, extra: CaseInput): ReturnType<typeof smallEval> => {
    const roles = ['train', 'dev', 'gate', 'gate'] as const
    const cases = roles.map((role, at) => ({ id: `${name}-${at}`, role, input: `${name} asks for thing number ${at}`, expected: `${at}` }))
    return smallEval(name, { cases: [...cases, extra] })
  }
  const suite = await checkSmall({
    features: [plain('refill', { id: 'letter', role: 'train', input: LETTER, expected: 'knee' })],
    retention: [plain('kept', { id: 'sealed', role: 'gate', input: retained, expected: 'knee' })],
  })
  const plan = planRun({ run: 'r', suite, base: BASE, ...(compared === undefined ? {} : { compared }) })
  return plan.warnings.filter(({ code }) => !code.endsWith('_TOO_SMALL')).map(({ message }) => message)
}

test('planRun() warns of training cases that nearly stand in the gate of a retained eval', async () => {
  const [warning, ...others] = await warningsOf(LETTER.replace('Monday', 'Tuesday'))
  expect(warning).toContain('Training on "refill" nearly shows what "kept" is judged by: "refill/letter" and "kept/sealed" (gate)')
  expect(others).toEqual([])
  expect(await warningsOf('Something else that has nothing to do with knees, and is long enough to be compared with the letter.')).toEqual(
    [],
  )
})

test('planRun() does not warn where nothing is trained', async () => {
  const compared = { parent: 'a', candidate: 'b', target: 'refill' } as unknown as NonNullable<Plan['compared']>
  expect(await warningsOf(LETTER.replace('Monday', 'Tuesday'), compared)).toEqual([])
})
