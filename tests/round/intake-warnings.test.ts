import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { evaluationBlock } from '../../src/cli/commands/eval.ts'
import type { CaseInput } from '../../src/eval/case.ts'
import { evaluateEval } from '../../src/round/evaluate.ts'
import { planRun } from '../../src/round/plan-run.ts'
import { checkSmall, smallEval } from '../suite/small-suite.ts'
import { writeTinyModel } from './tiny-model.ts'
import { tinyEval } from './tiny-suite.ts'

const directory = mkdtempSync(join(tmpdir(), 'holdfast-intake-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))

const rows = (name: string): CaseInput[] =>
  (['train', 'dev', 'gate', 'gate'] as const).map((role, at) => ({ id: `${name}-${at}`, role, input: `${name} ${at}`, expected: `${at}` }))
const broken = { id: 'broken', input: 'x' } as unknown as CaseInput

test('evaluateEval() says which rows were left out, and eval prints it', async () => {
  const [train, dev] = rows('a') as [CaseInput, CaseInput]
  const definition = tinyEval('left', { cases: [train, dev, dev, broken], onDuplicate: 'drop', onBadRow: 'skip' })
  const model = writeTinyModel(join(directory, 'model'))
  const result = await evaluateEval({ definition, file: 'left.eval.ts', model, directory })
  const told = result.warnings.filter(({ code }) => code.startsWith('CASES_'))
  expect(told.map(({ code, message }) => [code, message.split('\n')[0]])).toEqual([
    ['CASES_SKIPPED', 'Eval "left": 1 of 4 rows are no cases and were left out'],
    ['CASES_DROPPED', 'Eval "left": 1 of 4 rows say the same as an earlier one and were left out'],
  ])
  expect(evaluationBlock(result, 'm')).toContain('warning    CASES_DROPPED  Eval "left": 1 of 4 rows')
})

test('planRun() writes down which rows of its evals were left out, for the terminal and the report', async () => {
  const feature = smallEval('refill', { cases: [...rows('refill'), broken], onBadRow: 'skip' })
  const suite = await checkSmall({ features: [feature], retention: [smallEval('kept', { cases: rows('kept') })] })
  const base = { name: 'base', directory: 'base', hash: '', tokenizer: '', parameterCount: 1, runtime: '' }
  const told = planRun({ run: 'r', suite, base }).warnings.filter(({ code }) => code.startsWith('CASES_'))
  expect(told).toMatchObject([{ code: 'CASES_SKIPPED', message: expect.stringContaining('Eval "refill": 1 of 5 rows are no cases') }])
})
