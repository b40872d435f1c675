import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { defineEval } from '../../src/eval/define-eval.ts'
import { graders } from '../../src/grader/graders.ts'
import { judge } from '../../src/grader/judge.ts'
import { evaluateEval } from '../../src/round/evaluate.ts'
import type { EvaluateOptions, EvaluationResult } from '../../src/round/evaluate.ts'
import { gateModels } from '../../src/round/gate-models.ts'
import type { RunEvent } from '../../src/round/run-event.ts'
import { runSuite } from '../../src/round/run-suite.ts'
import { evaluationBlock } from '../../src/cli/commands/eval.ts'
import { json, startChatServer } from '../model/chat/misbehaving-server.ts'
import type { ChatServer, Step } from '../model/chat/misbehaving-server.ts'
import { scriptedModel } from '../model/scripted-model.ts'
import { tinyEval, tinySuite } from './tiny-suite.ts'

const directory = mkdtempSync(join(tmpdir(), 'holdfast-served-'))
const suiteFile = new URL('./tiny-suite.ts', import.meta.url).pathname
const sums = Array.from({ length: 20 }, (_, n) => ({ id: `s${n}`, input: n, expected: String(n + 1), role: 'dev' as const }))
const definition = defineEval({
  name: 'sums',
  cases: sums,
  prompt: 'One more than {{input}} is',
  graders: [graders.exactMatch()],
  auditGraders: [],
})

let weights = 'a'
let server: ChatServer
let judges: ChatServer
beforeAll(async () => {
  vi.stubEnv('HOLDFAST_CACHE', join(directory, 'cache'))
  vi.stubEnv('HOLDFAST_PRICES', JSON.stringify({ scripted: { promptPerMillion: 1_000_000, completionPerMillion: 2_000_000 } }))
  server = await startChatServer({
    weights: () => weights,
    // Right for even numbers, in the weights "b" for all.
    say: (question) => {
      const number = Number(/\d+/.exec(question)?.[0] ?? 0)
      return String(weights === 'b' || number % 2 === 0 ? number + 1 : number)
    },
    behave: ({ question }) => (question.includes(' 7 ') ? json(400, { error: { message: 'this one is too long' } }) : null),
  })
  judges = await startChatServer({ models: ['judge'], say: () => '{"reasoning": "", "label": "good"}' })
})
afterAll(async () => {
  vi.unstubAllEnvs()
  await server.close()
  await judges.close()
  rmSync(directory, { recursive: true, force: true })
})

async function evaluate(options: Partial<EvaluateOptions> = {}): Promise<EvaluationResult & { readonly events: readonly RunEvent[] }> {
  const events: RunEvent[] = []
  server.seen.length = 0
  const result = await evaluateEval({
    definition,
    file: 'sums.eval.ts',
    model: `${server.url}#scripted`,
    directory: join(directory, 'reports'),
    onEvent: (event) => void events.push(event),
    ...options,
  })
  return { ...result, events }
}

const cases = (): number => server.seen.filter(({ question }) => question.startsWith('One more')).length

describe('evaluateEval() on a server', () => {
  test('grades what the server answers, leaves a failed case ungraded, says so, and counts tokens and cost', async () => {
    const result = await evaluate()
    expect([result.cases, result.passed, result.errors]).toEqual([20, 10, 1])
    const failed = result.records.find(({ caseId }) => caseId === 's7')
    expect(failed).toMatchObject({ reward: null, pass: null, finishReason: 'error', completion: '' })
    expect(result.events).toContainEqual({
      type: 'warning',
      code: 'CASE_WITHOUT_COMPLETION',
      message: expect.stringContaining('this one is too long'),
    })
    const { promptTokens, completionTokens } = result.usage ?? { promptTokens: 0, completionTokens: 0 }
    expect(completionTokens).toBeGreaterThan(18)
    expect(result.cost).toBe(promptTokens + 2 * completionTokens)
  })

  test('asks nothing but the failed case again, and asks everything of other weights under the same name', async () => {
    const again = await evaluate()
    expect([cases(), again.passed, again.usage]).toEqual([1, 10, { promptTokens: 0, completionTokens: 0 }])
    weights = 'b'
    const tuned = await evaluate()
    expect([cases(), tuned.passed]).toEqual([20, 19])
    weights = 'a'
    expect((await evaluate({ cache: 'off' })).passed).toBe(10)
    expect(cases()).toBe(20)
  })

  test.each<[string, object, string]>([
    ['empty, its tokens used up by thinking', { content: null, reasoning_content: 'hm '.repeat(60) }, 'ANSWERS_EMPTY'],
    ['cut short', { content: 'One more than' }, 'ANSWERS_CUT'],
  ])('says when every answer is %s', async (_, message, code) => {
    const behave = (): Step => json(200, { choices: [{ finish_reason: 'length', message }] })
    const silent = await startChatServer({ behave })
    const result = await evaluate({ model: `${silent.url}#scripted`, cache: 'off' })
    await silent.close()
    expect(result.warnings.map((warning) => warning.code)).toEqual([code])
    expect(evaluationBlock(result, 'm')).toMatch(new RegExp(`warning    ${code}  20 of 20 answers of the model to eval "sums" are`))
  })

  // The failed case is one of the four.
  test('lets a judge on another server grade, and asks it once for the same answers', async () => {
    const judged = defineEval({
      name: 'judged',
      cases: sums,
      prompt: 'One more than {{input}} is',
      graders: [judge.label({ model: `${judges.url}#judge`, question: 'Good?', labels: ['good', 'bad'], passing: ['good'] })],
    })
    expect((await evaluate({ definition: judged, limit: 4 })).passed).toBe(3)
    const asked = judges.seen.length
    expect((await evaluate({ definition: judged, limit: 4 })).passed).toBe(3)
    const questions = judges.seen.slice(asked).filter(({ question }) => question.startsWith('Decide about'))
    expect(questions).toEqual([])
  })
})

test('evaluateEval() takes an open model, and leaves it open', async () => {
  let isClosed = false
  const close = (): Promise<void> => {
    isClosed = true
    return Promise.resolve()
  }
  const model = { ...scriptedModel((question) => String(Number(/\d+/.exec(question)?.[0] ?? 0) + 1)), close }
  const result = await evaluate({ model })
  expect([result.passed, result.usage, isClosed]).toEqual([20, undefined, false])
})

describe('gateModels() on servers', () => {
  test('judges two served models, and says that nothing is known to differ but their answers', async () => {
    const features = [tinyEval('first')]
    const suite = tinySuite('unused', { features, retention: [tinyEval('old-one')] })
    const other = await startChatServer({ weights: () => 'c', say: () => 'never right' })
    const options = { suite, suiteFile, directory: join(directory, 'reports'), runName: 'served' }
    const result = await gateModels({ ...options, parent: `${server.url}#scripted`, candidate: `${other.url}#scripted` })
    await other.close()
    expect(result.header.lineages[0]?.rounds[0]?.round).toBe('01-gate')
    expect([1, 2]).toContain(result.exitCode)
  })
})

test('runSuite() refuses a base behind a server: nothing can be trained on it', async () => {
  const suite = tinySuite(`${server.url}#scripted`)
  await expect(runSuite({ suite, suiteFile, directory: join(directory, 'reports') })).rejects.toMatchObject({ code: 'MODEL_IS_SERVER' })
})
