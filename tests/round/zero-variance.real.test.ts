import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { grader } from '../../src/grader/custom-grader.ts'
import { renderReport } from '../../src/report/render-report.ts'
import type { RunEvent } from '../../src/round/run-event.ts'
import { runSuite } from '../../src/round/run-suite.ts'
import { writeTinyModel } from './tiny-model.ts'
import { tinyEval, tinySuite } from './tiny-suite.ts'

const scratch = mkdtempSync(join(tmpdir(), 'holdfast-zero-variance-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

it('runSuite() and the report say of a training whose groups never vary that it learned nothing, and of answers that are all cut', async () => {
  const model = writeTinyModel(join(scratch, 'model'))
  const never = grader('never', () => 0)
  const suite = tinySuite(model, {
    features: [tinyEval('first', { graders: [never] })],
    retention: [tinyEval('old-one')],
    arms: [
      { name: 'grpo', role: 'candidate', method: { name: 'grpo', steps: 4, promptsPerStep: 2, samplesPerPrompt: 4, learningRate: 0.01 } },
    ],
    ...{ checkpoints: 1, hacking: 'unguarded' as const },
  })
  const told: RunEvent[] = []
  const { directory } = await runSuite({
    ...{ suite, suiteFile: join(scratch, 'zv.suite.ts'), directory: join(scratch, 'reports'), runName: 'run', threads: 1 },
    onEvent: (event) => void told.push(event),
  })
  const warnings = told.flatMap((event) => (event.type === 'warning' ? [[event.code, event.message] as const] : []))
  const message =
    'Round "01-first", arm "grpo" had nothing to learn from in 4 of 4 steps: all samples of a prompt had the same reward, mean reward 0.00. Put sft before it in a chain, draw more samplesPerPrompt, or give a graded reward'
  expect(warnings).toContainEqual(['NOTHING_LEARNED', message])
  expect(warnings).toContainEqual(['ANSWERS_CUT', expect.stringMatching(/^60 of 60 answers of the base to eval "first" are cut off/)])
  const { jsonPath, markdownPath } = await renderReport(directory)
  const reported = (JSON.parse(readFileSync(jsonPath, 'utf8')) as { warnings: { code: string; message: string }[] }).warnings
  expect(reported).toContainEqual({ code: 'NOTHING_LEARNED', message })
  expect(reported.map(({ code, message: text }) => [code, text])).toEqual(expect.arrayContaining(warnings))
  expect(reported).toHaveLength(warnings.length)
  expect(readFileSync(markdownPath, 'utf8')).toContain('NOTHING\\_LEARNED')
})
