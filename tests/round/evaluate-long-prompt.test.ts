import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { evaluationBlock } from '../../src/cli/commands/eval.ts'
import { evaluateEval } from '../../src/round/evaluate.ts'
import type { RunEvent } from '../../src/round/run-event.ts'
import { writeTinyModel } from './tiny-model.ts'
import { tinyEval } from './tiny-suite.ts'

const directory = mkdtempSync(join(tmpdir(), 'holdfast-long-'))
let model = ''
beforeAll(() => {
  model = writeTinyModel(join(directory, 'model'))
})
afterAll(() => rmSync(directory, { recursive: true, force: true }))

const row = (id: string, input: string): { id: string; role: 'dev'; input: string; expected: string } => ({
  id,
  role: 'dev',
  input,
  expected: 'e',
})
const definition = tinyEval('mixed', { cases: [row('short', 'one'), row('endless', 'word '.repeat(5000)), row('brief', 'two')] })

test('evaluateEval() leaves one case ungraded whose prompt does not fit the embedded model, names it, and asks nothing again', async () => {
  const events: RunEvent[] = []
  const evaluate = () => evaluateEval({ definition, file: 'mixed.eval.ts', model, directory, onEvent: (event) => void events.push(event) })
  const result = await evaluate()
  expect(result.records.map(({ caseId, reward, errorCode }) => [caseId, reward === null, errorCode])).toEqual([
    ['short', false, null],
    ['endless', true, 'PROMPT_TOO_LONG'],
    ['brief', false, null],
  ])
  expect(events).toContainEqual({
    type: 'warning',
    code: 'CASE_WITHOUT_COMPLETION',
    message: expect.stringMatching(/^Case "endless" of eval "mixed" got no completion and stays ungraded: "the prompt has \d+ tokens/),
  })
  expect(evaluationBlock(result, 'm')).toMatch(/error {6}PROMPT_TOO_LONG 1 times, first: the prompt has \d+ tokens/)
  const again = await evaluate()
  expect(again.records.map(({ completion, errorMessage }) => [completion, errorMessage])).toEqual(
    result.records.map(({ completion, errorMessage }) => [completion, errorMessage]),
  )
})
