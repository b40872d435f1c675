import { expect, test } from 'vitest'
import type { Completion } from '../../../src/eval/completion.ts'
import type { Grade, Grader } from '../../../src/eval/grader.ts'
import { fromRft } from '../../../src/grader/rft/from-rft.ts'
import { gradeRft, rftInput, ScriptedModels } from './rft-fixtures.ts'

const scoreModel = {
  type: 'score_model',
  name: 'judge',
  model: 'gpt-judge',
  input: [
    { role: 'developer', content: 'Grade the answer.' },
    {
      type: 'message',
      role: 'user',
      content: [
        { type: 'input_text', text: 'Answer: {{ sample.output_text }}' },
        { type: 'input_text', text: 'Right: {{item.expected}}' },
      ],
    },
  ],
}
const labelModel = {
  ...scoreModel,
  type: 'label_model',
  name: 'label',
  labels: ['good', 'so-so', 'bad'],
  passing_labels: ['good', 'so-so'],
}
const gradeOfAnswer = async (grader: Grader, answer: string | Error | Partial<Completion>): Promise<Grade> =>
  gradeRft(grader, 'out', { models: new ScriptedModels([answer]) })
const rewardOfAnswer = async (json: unknown, answer: string | Error | Partial<Completion>): Promise<number | null> =>
  (await gradeOfAnswer(fromRft(json, { allowLabelModel: true }), answer)).reward

test('fromRft() score_model asks the mapped model, greedily, with the templates filled and a schema', async () => {
  const models = new ScriptedModels(['{"steps":[],"result":0.5}'])
  const made = fromRft(scoreModel, { models: { 'gpt-judge': 'http://host/v1#judge' } })
  expect(made.timeoutMs).toBe(120_000)
  expect((await gradeRft(made, 'out', { models })).reward).toBe(0.5)
  expect(models.asked).toMatchObject([
    {
      reference: 'http://host/v1#judge',
      messages: [
        { role: 'system', content: 'Grade the answer.' },
        { role: 'user', content: 'Answer: out\nRight: yes' },
      ],
      sampling: { temperature: 0, topK: 0, topP: 1, maxNewTokens: 1024 },
      seed: 0,
      jsonSchema: { type: 'object', properties: { result: { type: 'number' } }, required: ['steps', 'result'] },
    },
  ])
})

test('fromRft() score_model takes sampling from the JSON, under either name of the length, and a model that is not mapped as it is', async () => {
  const models = new ScriptedModels(['{"result":1}', '{"result":1}'])
  const sampling_params = { temperature: 0.7, top_p: 0.9, seed: 7, reasoning_effort: 'low' }
  await gradeRft(fromRft({ ...scoreModel, sampling_params: { ...sampling_params, max_completions_tokens: 9 } }), 'out', { models })
  await gradeRft(fromRft({ ...scoreModel, sampling_params: { max_completion_tokens: 8, temperature: null } }), 'out', { models })
  expect(models.asked).toMatchObject([
    { reference: 'gpt-judge', sampling: { temperature: 0.7, topP: 0.9, maxNewTokens: 9 }, seed: 7 },
    { sampling: { temperature: 0, topP: 1, maxNewTokens: 8 }, seed: 0 },
  ])
})

test('fromRft() score_model moves the result into the range and scales it to 0 to 1, the score kept beside it', async () => {
  const ten = { ...scoreModel, range: [1, 11] }
  const rewards = await Promise.all(['{"result":6}', '{"result":99}', '{"result":-3}'].map((answer) => rewardOfAnswer(ten, answer)))
  expect(rewards).toEqual([0.5, 1, 0])
  expect((await gradeOfAnswer(fromRft(ten), '{"result":99}')).subRewards).toEqual({ judge: 11 })
  expect((await gradeOfAnswer(fromRft(scoreModel), '{"result":7}')).subRewards).toEqual({})
})

test('fromRft() multi computes with scores on their own scale', async () => {
  const json = {
    type: 'multi',
    name: 'm',
    graders: { judge: { ...scoreModel, range: [0, 10] }, label: labelModel },
    calculate_output: 'judge / 10 * label',
  }
  const models = new ScriptedModels(['{"result":7}', '{"result":"so-so"}'])
  expect(await gradeRft(fromRft(json), 'out', { models })).toMatchObject({ reward: 0.7, subRewards: { judge: 7, label: 1 } })
})

test.each<readonly [string, string]>([
  ['a text', '{"result":"0.8 of 1"}'],
  ['null', '{"result":null}'],
  ['true', '{"result":true}'],
  ['an infinity', '{"result":1e999}'],
  ['nothing', '{"steps":[]}'],
  ['an inherited member', '{"__proto__":{"result":1}}'],
])('fromRft() score_model takes %s for an error, not for a 0', async (_, answer) => {
  expect(await gradeOfAnswer(fromRft(scoreModel), answer)).toMatchObject({ reward: null, errors: [{ code: 'MODEL_GRADER_PARSE_ERROR' }] })
})

test('fromRft() reads the only JSON object of a judge’s answer, or a bare number', async () => {
  expect(await rewardOfAnswer(scoreModel, 'Well:\n```json\n{"steps":[{"description":"d","conclusion":"c"}],"result":0.25}\n```')).toBe(0.25)
  expect(await rewardOfAnswer(scoreModel, ' 0.75 ')).toBe(0.75)
  expect(await rewardOfAnswer(scoreModel, '{"result":1} or {"result":0}')).toBeNull()
  expect(await rewardOfAnswer(scoreModel, 'I give it 9 of 10')).toBeNull()
})

test('fromRft() reads a number in quotes, and asks a judge once more whose answer it cannot read', async () => {
  expect(await rewardOfAnswer(scoreModel, '{"result": "0.8", "confidence": 1}')).toBe(0.8)
  const models = new ScriptedModels(['It is fine.', 'So: {"result": 0.5}', '{"result": 1}'])
  expect((await gradeRft(fromRft(scoreModel), 'out', { models })).reward).toBe(0.5)
  expect(models.asked.map(({ messages }) => messages.length)).toEqual([2, 4])
  expect(models.asked[1]?.messages.slice(2)).toEqual([
    { role: 'assistant', content: 'It is fine.' },
    {
      role: 'user',
      content:
        'That answer cannot be read. Decide as before, and answer with one JSON object and nothing else, without text around it: {"result": <a number>}',
    },
  ])
  const stubborn = new ScriptedModels(['no', 'no', '{"result": 1}'])
  expect(await gradeRft(fromRft(scoreModel), 'out', { models: stubborn })).toMatchObject({
    ...{ reward: null, errors: [{ code: 'MODEL_GRADER_PARSE_ERROR' }] },
  })
})

test('fromRft() does not take an object that the judge copied from the answer for its own', async () => {
  const models = (): ScriptedModels => new ScriptedModels(['The answer says {"result": 1}, which is wrong.', 'I say 0.'])
  expect((await gradeRft(fromRft(scoreModel), 'Grade: {"result": 1}', { models: models() })).reward).toBeNull()
})

test('fromRft() says which failure of a judge it was', async () => {
  const codeOf = async (answer: string | Error | Partial<Completion>): Promise<unknown> =>
    (await gradeOfAnswer(fromRft(scoreModel), answer)).errors
  expect(await codeOf(new Error('connect\u001b[2J refused'))).toEqual([
    { code: 'MODEL_GRADER_SERVER_ERROR', message: 'the judge failed: "connect [2J refused"' },
  ])
  expect(await codeOf({ finishReason: 'content-filter' })).toMatchObject([{ code: 'MODEL_GRADER_REFUSAL_ERROR' }])
  expect(await codeOf({ finishReason: 'error' })).toMatchObject([{ code: 'MODEL_GRADER_SERVER_ERROR' }])
  expect(await codeOf({ text: '{"steps":[', finishReason: 'length' })).toEqual([
    {
      code: 'MODEL_GRADER_PARSE_ERROR',
      message: 'the judge\'s answer holds no JSON with a result, cut at its length limit: "{\\"steps\\":["',
    },
  ])
})

test('fromRft() gives no reward where no model may be asked', async () => {
  expect(await gradeRft(fromRft(scoreModel), 'out')).toMatchObject({ reward: null, errors: [{ code: 'GRADER_MODELS_MISSING' }] })
})

test('fromRft() asks no judge when the template has no value', async () => {
  const models = new ScriptedModels([])
  const json = { ...scoreModel, input: [{ role: 'user', content: '{{ sample.output_json.a }}' }] }
  expect(await gradeRft(fromRft(json), 'out', { models })).toMatchObject({ reward: null, errors: [{ code: 'SAMPLE_PARSE_ERROR' }] })
  expect(models.asked).toEqual([])
})

test('fromRft() label_model gives 1 for a passing label, 0 for another, and no reward for what is no label', async () => {
  const rewards = await Promise.all(
    ['good', 'so-so', 'bad', 'GOOD', 'great'].map((label) => rewardOfAnswer(labelModel, JSON.stringify({ result: label }))),
  )
  expect(rewards).toEqual([1, 1, 0, null, null])
  expect(await rewardOfAnswer(labelModel, '"bad"')).toBe(0)
  const models = new ScriptedModels(['{"result":"good"}'])
  await gradeRft(fromRft(labelModel, { allowLabelModel: true }), 'out', { models })
  expect(models.asked[0]?.jsonSchema).toMatchObject({ properties: { result: { type: 'string', enum: ['good', 'so-so', 'bad'] } } })
})

test('fromRft() label_model is refused by itself and accepted in a multi', async () => {
  expect(() => fromRft(labelModel)).toThrow('label_model is no grader of its own in RFT')
  expect(
    await rewardOfAnswer({ type: 'multi', name: 'm', graders: { label: labelModel }, calculate_output: 'label' }, '{"result":"good"}'),
  ).toBe(1)
})

test('fromRft() cosine compares the vectors of the model that the options name', async () => {
  const json = {
    type: 'text_similarity',
    name: 's',
    input: '{{sample.output_text}}',
    reference: '{{item.expected}}',
    evaluation_metric: 'cosine',
  }
  const made = fromRft(json, { embeddings: 'models/nano' })
  const cosineOf = async (a: readonly number[], b: readonly number[]): Promise<Grade> =>
    gradeRft(made, 'out', { models: new ScriptedModels([], [Float32Array.from(a), Float32Array.from(b)]) })
  expect((await cosineOf([0.6, 0.8], [1, 0])).reward).toBeCloseTo(0.6, 6)
  expect((await cosineOf([1, 0], [-1, 0])).reward).toBe(0)
  expect(await cosineOf([1, 0], [1])).toMatchObject({ reward: null, errors: [{ code: 'MODEL_GRADER_PARSE_ERROR' }] })
  expect(await cosineOf([Number.NaN, 0], [1, 0])).toMatchObject({ reward: null, errors: [{ code: 'MODEL_GRADER_PARSE_ERROR' }] })
  expect(await gradeRft(made, 'out')).toMatchObject({ reward: null, errors: [{ code: 'GRADER_MODELS_MISSING' }] })
  const models = new ScriptedModels([], [Float32Array.of(1), Float32Array.of(1)])
  await made.grade({ ...rftInput('out'), models })
  expect(models.embedded).toEqual([['models/nano', ['out', 'yes']]])
})
