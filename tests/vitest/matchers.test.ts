import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import type { EvalDefinition } from '../../src/eval/eval.ts'
import { defineEval } from '../../src/eval/define-eval.ts'
import { loadEval } from '../../src/eval/load-eval.ts'
import { graders } from '../../src/grader/graders.ts'
import { gradeCases } from '../../src/grading/grade-cases.ts'
import { summariseEvaluation } from '../../src/round/evaluation/evaluation-summary.ts'
import type { EvaluationResult } from '../../src/round/evaluate.ts'
import { holdfastMatchers } from '../../src/vitest/matchers.ts'
import { scriptedModel } from '../model/scripted-model.ts'

expect.extend(holdfastMatchers)

const folder = mkdtempSync(join(tmpdir(), 'holdfast-matchers-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
// Completions are kept on disk; those of a test must not be.
process.env['HOLDFAST_CACHE'] = join(folder, 'cache')

const CASES = 200
const named = (name: string): EvalDefinition =>
  defineEval({
    name,
    cases: Array.from({ length: CASES }, (_, index) => ({
      id: `case-${index}`,
      role: 'dev',
      input: `number ${index}`,
      expected: `${index}`,
    })),
    prompt: '{{input}}',
    graders: [graders.exactMatch()],
  })
const numbers = named('numbers')

/** Grades of a model that knows all numbers below a limit except those that it forgot, graded by the real code. */
async function knowing(below: number, forgot: readonly number[] = [], definition = numbers): Promise<EvaluationResult> {
  const evaluated = await loadEval(definition, { origin: 'test' })
  const model = scriptedModel((question) => {
    const number = Number(question.split(' ')[1])
    return number < below && !forgot.includes(number) ? String(number) : 'no \u001b[31midea'
  })
  const context = { run: 'r', suiteHash: 's', suiteSeed: 0, arm: null, round: null, step: null, trainingSeeds: null, parent: null }
  const file = join(folder, `${definition.options.name}-${below}-${forgot.length}.jsonl`)
  const records = await gradeCases({ eval: evaluated, cases: evaluated.cases, model, purpose: 'dev', context, ledgerFile: file })
  const passed = records.filter(({ pass }) => pass === true).length
  const share = passed / records.length
  return {
    ...{ evalName: evaluated.name, cases: records.length, passed, errors: 0, passShare: share, interval: [0, 1], meanReward: share },
    ...{ records, file, rewardPassShare: null, warnings: [], summary: summariseEvaluation(records, evaluated) },
  }
}

it('toImproveOn() passes on a proven gain of at least minEffect and fails below it, with the verdict and the numbers', async () => {
  const [before, after] = [await knowing(100), await knowing(130)]
  await expect(after).toImproveOn(before, { minEffect: 0.1 })
  await expect(expect(after).toImproveOn(before, { minEffect: 0.3 })).rejects.toThrow(
    /^numbers MISSED against parent: \+15\.0 points \[90 % CI .*\], p = .* for a gain, 0 lost, 30 gained of 200; the declared minimum gain is 30 points\n {2}IMPROVED was asked/,
  )
  await expect(after).not.toImproveOn(after)
})

it('toHold() passes when the loss is proven to lie inside the margin, which "no loss seen" on few cases is not', async () => {
  const before = await knowing(180)
  await expect(before).toHold(before, { margin: 0.05 })
  await expect(await knowing(180, [3])).toHold(before, { margin: 0.05 })
  await expect(before).not.toHold(before, { margin: 0.001 })
})

it('toHold() names the lost cases with what the candidate gave, quoted', async () => {
  const forgot = Array.from({ length: 40 }, (_, index) => index)
  const error: unknown = await expect(await knowing(180, forgot))
    .toHold(await knowing(180), { margin: 0.05 })
    .then(
      () => null,
      (reason: unknown) => reason,
    )
  const message = error instanceof Error ? error.message : ''
  expect(message).toMatch(/^numbers REGRESSED against parent: -20\.0 points .* 40 lost, 0 gained of 200\n/)
  expect(message.split('\n').slice(1)).toEqual([
    '  HELD was asked',
    ...[0, 1, 2, 3, 4].map((index) => `  lost    "case-${index}"  gave "no  [31midea"`),
    '  lost    … and 35 more',
  ])
})

it('toHold() refuses two evals and a model without the eval to compare on', async () => {
  const [one, other] = [await knowing(100), await knowing(100, [], named('other'))]
  await expect(expect(one).toHold(other)).rejects.toThrow('MATCHER_USAGE  toHold() cannot judge this: the sides are of two evals')
  await expect(expect('models/nano').toHold(one)).rejects.toThrow(
    'MATCHER_USAGE  toHold() cannot judge this: a side is a model, and `on` does not say on which eval',
  )
})

it('toPassEval() runs an eval on a model: it fails below min with the first cases, and refuses what is no eval', async () => {
  const small = defineEval({
    name: 'small',
    cases: [
      { id: 'a', role: 'dev', input: 'Hello', expected: 'never said' },
      { id: 'b', role: 'dev', input: 'Bye', expected: 'never said either' },
    ],
    prompt: '{{input}}',
    graders: [graders.exactMatch()],
    sampling: { maxNewTokens: 4 },
  })
  const options = { model: 'models/nano', directory: folder }
  await expect(small).toPassEval({ ...options, min: 0 })
  await expect(expect(small).toPassEval(options)).rejects.toThrow(
    /^eval "small": 0 of 2 passed, 0\.0 % .*; at least 100\.0 % must\n {2}failed {2}"a" {2}gave ".*"\n {2}failed {2}"b" {2}gave ".*"\n {2}grades /,
  )
  await expect(expect('small' as never).toPassEval(options)).rejects.toThrow('MATCHER_USAGE  toPassEval() cannot judge this')
})

it('toImproveOn() compares two models on an eval', async () => {
  const words = defineEval({
    name: 'words',
    cases: [{ id: 'a', role: 'dev', input: 'Hello', expected: 'never said' }],
    prompt: '{{input}}',
    graders: [graders.exactMatch()],
    sampling: { maxNewTokens: 2 },
  })
  await expect(expect('models/nano').toImproveOn('models/nano', { on: words, directory: folder })).rejects.toThrow(
    /^words INCONCLUSIVE against parent: 0\.0 points /,
  )
})
