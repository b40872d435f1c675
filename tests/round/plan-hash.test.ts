import { expect, it } from 'vitest'
import { defineEval } from '../../src/eval/define-eval.ts'
import type { EvalOptions } from '../../src/eval/eval.ts'
import { planRun } from '../../src/round/plan-run.ts'
import { graders } from '../../src/grader/graders.ts'
import { checkSmall, smallEval } from '../suite/small-suite.ts'

const ROWS = [
  { id: 'a', role: 'train', input: 'A', expected: 'x', cluster: 'k', tags: ['t'], chosen: 'x', rejected: 'y' },
  { id: 'b', role: 'dev', input: 'B', expected: 'x' },
  { id: 'c', role: 'gate', input: 'C', expected: 'y', cluster: 'k2' },
  { id: 'd', role: 'gate', input: 'D', expected: 'y', cluster: 'k3' },
] as const

async function hashWith(options: Partial<EvalOptions>, base = { hash: 'b', tokenizer: 't' }): Promise<string> {
  const feature = defineEval({ name: 'feature', cases: [...ROWS], prompt: '{{input}}', graders: [graders.exactMatch()], ...options })
  const suite = await checkSmall({ features: [feature], retention: [smallEval('kept')] })
  return planRun({ run: 'r', suite, base: { name: 'base', directory: 'base', parameterCount: 1, runtime: 'x', ...base } }).suite.hash
}

/** The rows with members of one changed. */
const rowsWith = (index: number, change: object): Partial<EvalOptions> => ({
  cases: ROWS.map((row, place) => (place === index ? { ...row, ...change } : row)) as EvalOptions['cases'],
})

it("planRun() gives a suite another hash for every member of a case, the tokenizer and a demonstration's text", async () => {
  const variants = [
    await hashWith({}),
    await hashWith({}, { hash: 'b', tokenizer: 'other' }),
    await hashWith({}, { hash: 'other', tokenizer: 't' }),
    await hashWith(rowsWith(2, { expected: 'z' })),
    await hashWith(rowsWith(2, { input: 'CC' })),
    await hashWith(rowsWith(2, { cluster: 'k' })),
    await hashWith(rowsWith(2, { tags: ['hard'] })),
    await hashWith(rowsWith(3, { role: 'dev' })),
    await hashWith(rowsWith(0, { chosen: 'xx' })),
    await hashWith(rowsWith(0, { rejected: 'yy' })),
    await hashWith(rowsWith(0, { chosen: undefined, rejected: 'y', thumb: 'down' })),
    await hashWith({ cases: [ROWS[1], ROWS[0], ROWS[2], ROWS[3]] }),
    await hashWith({ prompt: 'Now {{input}}' }),
    await hashWith({ tools: [{ name: 'look', parameters: {} }] }),
    await hashWith({ repeats: 2, sampling: { temperature: 1 } }),
    await hashWith({ repeats: 2, sampling: { temperature: 1 }, reducer: 'max' }),
    await hashWith({ demonstrations: { 'in-format': () => 'other' } }),
  ]
  expect(new Set(variants).size).toBe(variants.length)
  expect(await hashWith({})).toBe(variants[0])
})
