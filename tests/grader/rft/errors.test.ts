import { expect, test } from 'vitest'
import { RftInvalidError, RftVariableError } from '../../../src/grader/rft/errors.ts'
import { fromRft } from '../../../src/grader/rft/from-rft.ts'

test('RftInvalidError lists the first problems', () => {
  const error = new RftInvalidError({ where: 'fromRft(…)', problems: ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'] })
  expect(error.data.problems.length).toBe(8)
  expect(error.message).toBe(`RFT_INVALID  The RFT grader is not usable: a; b; c; d; e; f; and 2 more
  where  fromRft(…)
  fix    correct these members; docs/rft-graders.md says what is accepted`)
})

test('RftVariableError quotes the variable', () => {
  expect(
    new RftVariableError({ where: 'RFT grader "m"', variable: 'env.\u001bHOME', problem: 'is in no namespace: those are item and sample' })
      .message,
  ).toBe(`INVALID_VARIABLE_ERROR  The template variable "env. HOME" is in no namespace: those are item and sample
  where  RFT grader "m"
  fix    use {{ item.<field of the case> }} or {{ sample.output_text }}, output_json, output_tools or choices, with .member or [0] behind it`)
})

const judgeOf = (members: object): object => ({
  type: 'score_model',
  name: 'j',
  model: 'm',
  input: [{ role: 'user', content: 'x' }],
  ...members,
})
const check = { type: 'string_check', name: 's', input: 'a', reference: 'b', operation: 'eq' }

test.each<readonly [string, unknown, string]>([
  ['null', null, 'must have a type, one of string_check, text_similarity, score_model, label_model, python, multi'],
  [
    'an unknown type',
    { type: 'endpoint' },
    'type: must have a type, one of string_check, text_similarity, score_model, label_model, python, multi',
  ],
  ['an operation that is none', { ...check, operation: 'equals' }, 'operation: Invalid option: expected one of "eq"|"ne"|"like"|"ilike"'],
  ['a metric that is none', { ...check, type: 'text_similarity', evaluation_metric: 'rouge_9' }, 'evaluation_metric: Invalid option'],
  ['a range upside down', judgeOf({ range: [1, 0] }), 'range: must be two numbers, the lower one first'],
  [
    'an image',
    judgeOf({ input: [{ role: 'user', content: [{ type: 'input_image', image_url: 'x' }] }] }),
    'images and audio cannot be graded here',
  ],
  ['a judge that is asked nothing', judgeOf({ input: [] }), 'input: Too small'],
  [
    'passing labels that are none',
    judgeOf({ type: 'label_model', labels: ['a'], passing_labels: ['b'] }),
    'passing_labels must be among labels',
  ],
  [
    'a label_model by itself',
    judgeOf({ type: 'label_model', labels: ['a'], passing_labels: ['a'] }),
    'label_model is no grader of its own in RFT',
  ],
  ['Python of 256 kB', { type: 'python', source: 'x'.repeat(256 * 1024 + 1) }, 'source: must be shorter than 256 kB'],
  [
    'a multi inside a multi',
    { type: 'multi', graders: { a: { type: 'multi', graders: { b: check }, calculate_output: 'b' } }, calculate_output: 'a' },
    'graders.a.type: must have a type, one of string_check, text_similarity, score_model, label_model, python; a multi holds no other multi',
  ],
  [
    'a list with a name twice',
    { type: 'multi', graders: [check, check], calculate_output: 's' },
    'graders: must be an object of graders by name, or a list of graders whose names differ',
  ],
  [
    'cosine without a model',
    { type: 'text_similarity', input: 'a', reference: 'b', evaluation_metric: 'cosine' },
    'cosine needs a model for its vectors',
  ],
])('fromRft() refuses %s', (_, json, problem) => {
  expect(() => fromRft(json)).toThrow(problem)
  expect(() => fromRft(json)).toThrow('RFT_INVALID')
})
