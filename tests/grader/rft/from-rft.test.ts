import { expect, test } from 'vitest'
import type { Grade } from '../../../src/eval/grader.ts'
import { grader } from '../../../src/grader/custom-grader.ts'
import { graderHash } from '../../../src/grader/grader-hash.ts'
import { fromRft } from '../../../src/grader/rft/from-rft.ts'
import { gradeRft, rftInput } from './rft-fixtures.ts'

const check = (operation: string, members: object = {}): object => ({
  type: 'string_check',
  name: 'check',
  input: '{{ sample.output_text }}',
  reference: '{{ item.expected }}',
  operation,
  ...members,
})
const rewardOf = async (json: unknown, text: string, expected: string): Promise<number | null> =>
  (await gradeRft(fromRft(json), text, { expected })).reward

test.each<readonly [string, string, string, number]>([
  ['eq', 'yes', 'yes', 1],
  ['eq', 'Yes', 'yes', 0],
  ['eq', 'yes ', 'yes', 0],
  ['ne', 'no', 'yes', 1],
  ['ne', 'yes', 'yes', 0],
  ['neq', 'no', 'yes', 1],
  ['neq', 'yes', 'yes', 0],
  ['like', 'oh yes!', 'yes', 1],
  ['like', 'yes', 'oh yes!', 0],
  ['like', 'oh YES!', 'yes', 0],
  ['ilike', 'oh YES!', 'yes', 1],
  ['ilike', 'no', 'yes', 0],
  ['like', 'anything', '', 0],
  ['ilike', 'anything', '', 0],
  ['eq', '', '', 1],
])('fromRft() string_check %s of %j and %j gives %d', async (operation, text, expected, reward) => {
  expect(await rewardOf(check(operation), text, expected)).toBe(reward)
})

test('fromRft() takes the sample on the reference side', async () => {
  const json = check('like', { input: '{{ item.expected }}', reference: '{{ sample.output_text }}' })
  expect(await rewardOf(json, 'oh', 'oh yes')).toBe(1)
  expect(await rewardOf(json, 'oh yes', 'oh')).toBe(0)
  // An empty answer is contained in every text, and must not pass all the same.
  expect(await rewardOf(json, '', 'oh yes')).toBe(0)
})

test('fromRft() answers at once where no part takes time, and looks at the text, not at what parse made of it', () => {
  const grade = fromRft(check('eq')).grade({ ...rftInput('yes'), parsed: { other: 1 } }) as Grade
  expect(grade).toEqual({ reward: 1, subRewards: {}, formatValid: null, extractionRule: null, errors: [] })
})

test('fromRft() text_similarity gives the metric', async () => {
  const json = {
    type: 'text_similarity',
    name: 's',
    input: '{{sample.output_text}}',
    reference: '{{item.expected}}',
    evaluation_metric: 'fuzzy_match',
  }
  expect(await rewardOf(json, 'abcd', 'abcx')).toBe(0.75)
  expect(await rewardOf({ ...json, evaluation_metric: 'rouge_1' }, 'the cat', 'a cat')).toBe(0.5)
})

test('fromRft() takes notes of others, nulls and missing names', async () => {
  const json = { ...check('eq', { name: null }), id: 'g_1', metadata: { a: 1 }, _seen: true }
  expect(fromRft(json).name).toBe('string_check')
  expect(await rewardOf(json, 'yes', 'yes')).toBe(1)
  expect(JSON.stringify(fromRft(json).settings)).not.toContain('metadata')
})

test('fromRft() refuses members that nobody knows, wherever they stand', () => {
  expect(() => fromRft({ ...check('eq'), ignore_case: true })).toThrow('has no setting "ignore_case"')
  expect(() => fromRft(multi('exact', { exact: { ...check('eq'), refrence: 'x' } }))).toThrow(
    'graders.exact: has no setting "refrence", did you mean "reference"?',
  )
  const judge = { type: 'score_model', name: 'j', model: 'm', input: [{ role: 'user', content: 'x' }] }
  expect(() => fromRft({ ...judge, rang: [0, 10] })).toThrow('has no setting "rang", did you mean "range"?')
  expect(() => fromRft({ ...judge, sampling_params: { temprature: 1 } })).toThrow(
    'sampling_params: has no setting "temprature", did you mean "temperature"?',
  )
  expect(() => fromRft({ ...judge, input: [{ role: 'user', content: 'x', contnet: 'y' }] })).toThrow('did you mean "content"?')
})

const parts = {
  exact: check('eq'),
  close: { type: 'text_similarity', input: '{{sample.output_text}}', reference: '{{item.expected}}', evaluation_metric: 'fuzzy_match' },
}
const multi = (calculate_output: string, graders: unknown = parts): object => ({ type: 'multi', name: 'm', graders, calculate_output })

test('fromRft() multi computes over its parts by key, and names them', async () => {
  expect(await gradeRft(fromRft(multi('0.25 * exact + 0.75 * close')), 'abcd', { expected: 'abcx' })).toEqual({
    reward: 0.5625,
    subRewards: { exact: 0, close: 0.75 },
    formatValid: null,
    extractionRule: null,
    errors: [],
  })
})

test('fromRft() multi takes a list by the names of its graders, and one grader by its name', async () => {
  expect(await rewardOf(multi('a + 0 * b', [check('eq', { name: 'a' }), check('ne', { name: 'b' })]), 'yes', 'yes')).toBe(1)
  expect(await rewardOf(multi('check', check('eq')), 'yes', 'yes')).toBe(1)
})

test('fromRft() multi computes powers from the right and before a minus', async () => {
  expect(await rewardOf(multi('close ^ 2 ^ 1 * exact + close ^ 2'), 'abcd', 'abcx')).toBe(0.5625)
  expect(await rewardOf(multi('1 + -close ^ 2'), 'abcd', 'abcx')).toBe(1 - 0.5625)
})

test('fromRft() multi keeps the reward within 0 to 1', async () => {
  expect(await rewardOf(multi('exact * 5'), 'yes', 'yes')).toBe(1)
  expect(await rewardOf(multi('-exact'), 'yes', 'yes')).toBe(0)
})

test('fromRft() multi refuses a formula that cannot be read or names no part', () => {
  expect(() => fromRft(multi('exact +'))).toThrow('FORMULA_PARSE_ERROR  The formula "exact +" cannot be read at character 8')
  expect(() => fromRft(multi('exact + absent'))).toThrow('"absent" is none of the graders "exact", "close"')
  expect(() => fromRft(multi('exact.constructor'))).toThrow('FORMULA_PARSE_ERROR')
})

test('fromRft() multi cannot grade a division by zero', async () => {
  expect(await gradeRft(fromRft(multi('1 / exact')), 'no')).toMatchObject({
    reward: null,
    subRewards: { exact: 0 },
    errors: [{ code: 'FORMULA_DIVISION_BY_ZERO' }],
  })
})

const fromJson = check('eq', { input: '{{ sample.output_json.answer }}' })
const fromCase = check('eq', { reference: '{{ item.absent }}' })

test('fromRft() gives no reward for an error, unless it is told to give 0', async () => {
  const rewards = async (json: unknown): Promise<readonly (number | null)[]> =>
    Promise.all(
      (['ungraded', 'zero-for-sample', 'zero'] as const).map(
        async (onError) => (await gradeRft(fromRft(json, { onError }), 'no JSON')).reward,
      ),
    )
  expect(await rewards(fromJson)).toEqual([null, 0, 0])
  expect(await rewards(fromCase)).toEqual([null, null, 0])
  expect(await gradeRft(fromRft(fromJson, { onError: 'zero' }), 'x')).toMatchObject({ reward: 0, errors: [{ code: 'SAMPLE_PARSE_ERROR' }] })
  expect((await gradeRft(fromRft(fromJson), 'x')).reward).toBeNull()
})

test('fromRft() multi gives no reward when a part that it uses has an error, and names the part', async () => {
  const graders = { json: fromJson, sure: check('ne') }
  expect(await gradeRft(fromRft(multi('sure + json', graders)), 'x')).toMatchObject({
    reward: null,
    subRewards: { json: null, sure: 1 },
    errors: [{ code: 'SAMPLE_PARSE_ERROR', message: 'part "json": the completion is no JSON with "sample.output_json.answer"' }],
  })
  expect(await gradeRft(fromRft(multi('sure', graders)), 'x')).toMatchObject({ reward: 1, subRewards: { json: null }, errors: [] })
  expect(await gradeRft(fromRft(multi('0.5 * sure + json', graders), { onError: 'zero' }), 'x')).toMatchObject({
    reward: 0.5,
    subRewards: { json: 0, sure: 1 },
    errors: [{ code: 'SAMPLE_PARSE_ERROR' }],
  })
})

test('fromRft() hands Python source to the grader that runs it', async () => {
  const python = ({ source, name, timeoutMs }: { source: string; name: string; timeoutMs: number }): ReturnType<typeof grader> => ({
    ...grader(name, ({ completion }) =>
      completion.text === source ? 0.25 : completion.text === 'throw' ? Promise.reject(new Error('no Python')) : null,
    ),
    timeoutMs,
  })
  const made = fromRft({ type: 'python', source: 'def grade' }, { python, timeoutMs: 5000 })
  expect(made).toMatchObject({ name: 'python', timeoutMs: 5000 })
  expect((await gradeRft(made, 'def grade')).reward).toBe(0.25)
  expect(await gradeRft(made, 'other')).toMatchObject({ reward: null, errors: [{ code: 'GRADER_ABSTAINED' }] })
  expect(await gradeRft(made, 'throw')).toMatchObject({ reward: null, errors: [{ code: 'PYTHON_GRADER_SERVER_ERROR' }] })
})

test('fromRft() with pass thresholds applied rewards right or wrong', async () => {
  const json = { ...parts.close, name: 's', pass_threshold: 0.75 }
  const rewards = async (passThreshold: 'ignore' | 'apply'): Promise<readonly (number | null)[]> => {
    const made = fromRft(json, { passThreshold })
    return [(await gradeRft(made, 'abcd', { expected: 'abcx' })).reward, (await gradeRft(made, 'abcd', { expected: 'abxx' })).reward]
  }
  expect(await rewards('ignore')).toEqual([0.75, 0.5])
  expect(await rewards('apply')).toEqual([1, 0])
})

test('fromRft() is identified by the JSON and the policies, not by its name', () => {
  const base = graderHash(fromRft(check('eq')))
  const others = [
    fromRft(check('ne')),
    fromRft(check('eq'), { onError: 'zero' }),
    fromRft(check('eq'), { passThreshold: 'apply' }),
    fromRft(check('eq'), { models: { a: 'b' } }),
  ].map((one) => graderHash(one))
  expect(new Set([base, ...others]).size).toBe(5)
  expect(graderHash(fromRft(check('eq'), { name: 'other', weight: 3 }))).toBe(base)
  expect(graderHash(fromRft({ ...check('eq'), id: 'g_1' }))).toBe(base)
  expect(graderHash(fromRft(check('neq')))).toBe(graderHash(fromRft(check('ne'))))
})

test.each<readonly [string, string]>([
  ['braces', '{{'.repeat(5000)],
  ['brackets', '['.repeat(10_000)],
  ['nested JSON', '{"answer":'.repeat(1000) + '1' + '}'.repeat(1000)],
  ['a template', '{{ item.expected }}'.repeat(500)],
  ['null characters', '\u0000'.repeat(10_000)],
])('fromRft() gives 10 kB of %s no reward above 0', async (_, text) => {
  const graders = { text: check('eq'), json: fromJson, like: check('ilike') }
  for (const onError of ['zero', 'ungraded'] as const) {
    const { reward } = await gradeRft(fromRft(multi('text + json + like', graders), { onError }), text)
    expect(reward).toBe(onError === 'zero' ? 0 : null)
  }
})
