import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { defineEval } from '../../src/eval/define-eval.ts'
import type { Eval } from '../../src/eval/eval.ts'
import type { Grader } from '../../src/eval/grader.ts'
import { loadEval } from '../../src/eval/load-eval.ts'
import { gradingHash } from '../../src/grader/grader-hash.ts'
import { graders } from '../../src/grader/graders.ts'
import { createGraderModels } from '../../src/grading/grader-models.ts'
import { identifyGrading } from '../../src/grading/identify-grading.ts'
import { writeTinyModel } from '../model/tiny-model.ts'

const scratch = mkdtempSync(join(tmpdir(), 'holdfast-grading-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

function evalWith(...used: readonly Grader[]): Promise<Eval> {
  const cases = [{ id: 'a', role: 'dev' as const, input: 'Hi', expected: 'please' }]
  return loadEval(defineEval({ name: 'judged', cases, prompt: '{{input}}', graders: used }), { origin: 'the tests' })
}

async function identify(definition: Eval): Promise<string> {
  const models = createGraderModels()
  try {
    return await identifyGrading(definition, models)
  } finally {
    await models.close()
  }
}

it('identifyGrading() is gradingHash() where no model is asked', async () => {
  const plain = await evalWith(graders.exactMatch())
  expect(await identify(plain)).toBe(gradingHash(plain))
})

it.each<[string, (model: string) => Grader]>([
  ['a judge', (model) => graders.judge.score({ model, rubric: 'Good?' })],
  [
    'a judge inside a whole',
    (model) => graders.weighted({ graders: [graders.judge.score({ model, rubric: 'Good?' }), graders.exactMatch()] }),
  ],
  ['vectors', (model) => graders.embeddingSimilarity({ model })],
  [
    'a judge of RFT',
    (model) =>
      graders.fromRft(
        { type: 'score_model', name: 's', model: 'gpt', input: [{ role: 'user', content: '{{sample.output_text}}' }], range: [0, 1] },
        { models: { gpt: model } },
      ),
  ],
])('identifyGrading() tells other weights under the same name apart: %s', async (_, make) => {
  const directory = join(scratch, 'model')
  const definition = await evalWith(make(directory))
  writeTinyModel(directory, 1)
  const first = await identify(definition)
  expect(await identify(definition)).toBe(first)
  writeTinyModel(directory, 2)
  expect(await identify(definition)).not.toBe(first)
  expect(first).not.toBe(gradingHash(definition))
})

it('identifyGrading() of a judge that is not there says nothing of it: its graders do', async () => {
  const missing = await evalWith(graders.judge.score({ model: join(scratch, 'none'), rubric: 'Good?' }))
  expect(await identify(missing)).toMatch(/^[0-9a-f]{16}$/)
})
