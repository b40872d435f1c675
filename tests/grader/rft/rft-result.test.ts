import { expect, test } from 'vitest'
import { gradeOf, ungraded } from '../../../src/grader/grade-result.ts'
import { fromRft } from '../../../src/grader/rft/from-rft.ts'
import { toRftResult } from '../../../src/grader/rft/rft-result.ts'

const made = fromRft({ type: 'string_check', name: 'c', input: '{{sample.output_text}}', reference: 'x', operation: 'eq' })

test('toRftResult() has the shape of the endpoint’s answer', () => {
  expect(toRftResult(gradeOf(0.5, { subRewards: { a: 7, b: null } }), made, 0.25)).toEqual({
    reward: 0.5,
    sub_rewards: { a: 7, b: null },
    model_grader_token_usage_per_model: {},
    metadata: {
      name: 'c',
      type: 'string_check',
      execution_time: 0.25,
      scores: { a: 7, b: null },
      token_usage: null,
      sampled_model_name: null,
      errors: {
        formula_parse_error: false,
        sample_parse_error: false,
        invalid_variable_error: false,
        truncated_observation_error: false,
        unresponsive_reward_error: false,
        other_error: false,
        model_grader_parse_error: false,
        model_grader_refusal_error: false,
        model_grader_server_error: false,
        model_grader_server_error_details: null,
        python_grader_runtime_error: false,
        python_grader_runtime_error_details: null,
        python_grader_server_error: false,
        python_grader_server_error_type: null,
      },
    },
  })
})

test.each<readonly [string, string]>([
  ['FORMULA_PARSE_ERROR', 'formula_parse_error'],
  ['FORMULA_UNKNOWN_NAME', 'formula_parse_error'],
  ['FORMULA_DIVISION_BY_ZERO', 'other_error'],
  ['SAMPLE_PARSE_ERROR', 'sample_parse_error'],
  ['PARSE_THREW', 'sample_parse_error'],
  ['INVALID_VARIABLE_ERROR', 'invalid_variable_error'],
  ['TRUNCATED_OBSERVATION_ERROR', 'truncated_observation_error'],
  ['UNRESPONSIVE_REWARD_ERROR', 'unresponsive_reward_error'],
  ['GRADER_TIMED_OUT', 'unresponsive_reward_error'],
  ['MODEL_GRADER_PARSE_ERROR', 'model_grader_parse_error'],
  ['MODEL_GRADER_REFUSAL_ERROR', 'model_grader_refusal_error'],
  ['MODEL_GRADER_SERVER_ERROR', 'model_grader_server_error'],
  ['GRADER_MODELS_MISSING', 'model_grader_server_error'],
  ['PYTHON_GRADER_RUNTIME_ERROR', 'python_grader_runtime_error'],
  ['PYTHON_ANYTHING', 'python_grader_runtime_error'],
  ['PYTHON_GRADER_SERVER_ERROR', 'python_grader_server_error'],
  ['GRADER_THREW', 'other_error'],
  ['SOMETHING_NEW', 'other_error'],
])('toRftResult() reports %s as %s', (code, flag) => {
  const { reward, metadata } = toRftResult(ungraded(code, 'why'), made)
  expect(reward).toBeNull()
  const { errors } = metadata
  expect(Object.entries(errors).filter(([, value]) => value === true)).toEqual([[flag, true]])
  expect(errors.model_grader_server_error_details).toBe(flag === 'model_grader_server_error' ? 'why' : null)
  expect(errors.python_grader_runtime_error_details).toBe(flag === 'python_grader_runtime_error' ? 'why' : null)
  expect(errors.python_grader_server_error_type).toBe(flag === 'python_grader_server_error' ? code : null)
})

test('toRftResult() names the reward itself where a grader has no parts', () => {
  expect(toRftResult(gradeOf(1), { name: 'own', kind: 'custom', settings: null }).metadata).toMatchObject({
    type: 'custom',
    scores: { own: 1 },
  })
})
