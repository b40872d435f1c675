import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { defineEval } from '../../src/eval/define-eval.ts'
import { judge } from '../../src/grader/judge.ts'
import { evaluateEval } from '../../src/round/evaluate.ts'
import type { EvaluationResult } from '../../src/round/evaluate.ts'
import { json, startChatServer } from '../model/chat/misbehaving-server.ts'
import type { ChatServer } from '../model/chat/misbehaving-server.ts'

const directory = mkdtempSync(join(tmpdir(), 'holdfast-judged-'))
const servers: ChatServer[] = []
afterAll(async () => {
  for (const server of servers) await server.close()
  rmSync(directory, { recursive: true, force: true })
})

test('evaluateEval() ends when a judge’s quota is used up, and goes on without asking again what was answered or judged', async () => {
  let credit = 7
  const judges = await startChatServer({
    models: ['judge'],
    logProbs: false,
    say: () => '{"reasoning": "", "label": "good"}',
    behave: ({ question }) =>
      question.startsWith('Decide') && --credit < 0 ? json(429, { error: { message: 'no', code: 'insufficient_quota' } }) : null,
  })
  const answering = await startChatServer({ logProbs: false })
  servers.push(judges, answering)
  const definition = defineEval({
    name: 'judged',
    cases: Array.from({ length: 20 }, (_, n) => ({ id: `c${n}`, input: `case ${n}`, expected: 'x', role: 'dev' as const })),
    prompt: 'Say {{input}}',
    graders: [judge.label({ model: `${judges.url}#judge`, question: 'Good?', labels: ['good', 'bad'], passing: ['good'] })],
    auditGraders: [],
  })
  const evaluate = (resume: boolean): Promise<EvaluationResult> =>
    evaluateEval({ definition, file: 'judged.eval.ts', model: `${answering.url}#scripted`, directory, resume })
  const judged = (): number => judges.answered.filter(({ question }) => question.startsWith('Decide')).length
  const asked = (): number => answering.seen.filter(({ question }) => question.startsWith('Say')).length

  await expect(evaluate(false)).rejects.toMatchObject({ code: 'SERVER_QUOTA_EXHAUSTED' })
  const refused = judged() - 7
  credit = 1000
  const result = await evaluate(true)
  expect([result.cases, result.passed, result.errors]).toEqual([20, 20, 0])
  expect([asked(), judged() - refused]).toEqual([20, 20])
  expect(existsSync(join(directory, 'evals/unfinished')) && readdirSync(join(directory, 'evals/unfinished'))).toEqual([])
})
