import { expect, test } from 'vitest'
import type { Grader } from '../../../src/eval/grader.ts'
import { grader } from '../../../src/grader/custom-grader.ts'
import { exactMatch } from '../../../src/grader/exact-match.ts'
import { formula } from '../../../src/grader/formula.ts'
import { jsonMatch } from '../../../src/grader/json-match.ts'
import { python as pythonGrader } from '../../../src/grader/python.ts'
import { fromRft } from '../../../src/grader/rft/from-rft.ts'
import type { RftGrader } from '../../../src/grader/rft/rft-json.ts'
import { toRft } from '../../../src/grader/rft/to-rft.ts'
import { bleu, rouge, textSimilarity } from '../../../src/grader/similarity/text-similarity.ts'
import { weighted } from '../../../src/grader/weighted.ts'
import { gradeRft, ScriptedModels } from './rft-fixtures.ts'

const jsonOf = (made: Grader): RftGrader => {
  const exported = toRft(made)
  if ('problems' in exported) throw new Error(exported.problems.join('; '))
  return exported.json
}
const problemsOf = (made: Grader): readonly string[] => {
  const exported = toRft(made)
  return 'problems' in exported ? exported.problems : []
}

const python = (options: { readonly name: string }): Grader => grader(options.name, () => 1)
const check: RftGrader = {
  type: 'string_check',
  name: 'check',
  input: '{{ sample.output_text }}',
  reference: '{{item.expected}}',
  operation: 'ilike',
}
const judge: RftGrader = {
  type: 'score_model',
  name: 'judge',
  model: 'gpt-judge',
  input: [{ role: 'user', content: [{ type: 'input_text', text: '{{ item.q }}' }] }],
  range: [0, 10],
  sampling_params: { temperature: 0.5, max_completions_tokens: 99 },
  pass_threshold: 5,
}
const label: RftGrader = {
  type: 'label_model',
  name: 'l',
  model: 'm',
  input: [{ role: 'user', content: 'x' }],
  labels: ['a', 'b'],
  passing_labels: ['a'],
}
const source: RftGrader = { type: 'python', name: 'p', source: 'def grade(sample, item): return 1.0', image_tag: '2025-05-08' }
const similar: RftGrader = {
  type: 'text_similarity',
  name: 't',
  input: 'a',
  reference: '{{sample.output_text}}',
  evaluation_metric: 'rouge_l',
}

test.each([
  check,
  judge,
  source,
  similar,
  { type: 'multi', name: 'all', graders: { check, judge, l: label, p: source }, calculate_output: 'judge / 10 + l ^ 2' } as const,
])('toRft() gives back what fromRft() took: $type', (json) => {
  expect(jsonOf(fromRft(json, { python }))).toEqual(json)
})

test('toRft() writes the schema’s names for aliases, and no notes of others', () => {
  const json = { ...check, operation: 'neq', name: undefined, id: 'g_1' }
  expect(jsonOf(fromRft(json))).toEqual({ ...check, operation: 'ne', name: 'string_check' })
})

test('toRft() puts a label_model by itself into a multi', () => {
  const made = fromRft({ ...label, name: 'is good' }, { allowLabelModel: true })
  expect(jsonOf(made)).toEqual({
    type: 'multi',
    name: 'is good',
    graders: { is_good: { ...label, name: 'is good' } },
    calculate_output: 'is_good',
  })
})

test('toRft() writes text metrics', () => {
  expect(jsonOf(rouge({ n: 2, name: 'r' }))).toEqual({
    type: 'text_similarity',
    name: 'r',
    input: '{{sample.output_text}}',
    reference: '{{item.expected}}',
    evaluation_metric: 'rouge_2',
  })
})

test('toRft() writes Python by its source, which is more than the hash in its settings', () => {
  const source = 'def grade(sample, item): return 1.0'
  expect(jsonOf(pythonGrader({ source, name: 'p' }))).toEqual({ type: 'python', name: 'p', source: 'def grade(sample, item): return 1.0' })
})

test('toRft() writes weighted() as a multi that gives the same reward', async () => {
  const made = weighted({ graders: [bleu({ name: 'a-b' }), textSimilarity({ metric: 'fuzzy_match', name: 'a b' })], weights: [3, 1] })
  const json = jsonOf(made)
  expect(json).toMatchObject({
    type: 'multi',
    graders: { a_b: { name: 'a_b' }, a_b_2: { name: 'a_b_2' } },
    calculate_output: '(3 * a_b + 1 * a_b_2) / 4',
  })
  const parts = { expected: 'the cat sat on the mat' }
  const [ours, theirs] = [await gradeRft(made, 'the cat is on a mat', parts), await gradeRft(fromRft(json), 'the cat is on a mat', parts)]
  expect(ours.reward).toBeGreaterThan(0.2)
  expect(theirs.reward).toBeCloseTo(ours.reward as number, 12)
})

test('toRft() writes formula() as a multi that gives the same reward, with scores on their own scale and the clamp', async () => {
  const made = formula({ graders: { j: fromRft(judge), max: fromRft(check) }, expression: 'j ^ 2 + max(0, max) * j' })
  const json = jsonOf(made)
  expect(json).toMatchObject({ calculate_output: 'max(0, min(1, ((j - 0) / 10) ^ 2 + max(0, max) * ((j - 0) / 10)))' })
  for (const result of [2, 9]) {
    const rewards = [made, fromRft(json)].map(async (one) => {
      const models = new ScriptedModels([JSON.stringify({ result })])
      return (await gradeRft(one, 'yes', { input: { q: 'q' }, models })).reward
    })
    const [ours, theirs] = await Promise.all(rewards)
    expect(theirs).toBeCloseTo(ours as number, 12)
    expect(ours).toBeCloseTo(Math.min(1, (result / 10) ** 2 + result / 10), 12)
  }
})

test('toRft() lists everything that cannot be expressed', () => {
  const own = grader('own', () => 1)
  expect(problemsOf(own)).toEqual(['"own" is a function of its own, which no JSON can hold'])
  expect(problemsOf(jsonMatch())).toEqual(['"json-match" is a "json-match" grader, which RFT has no type for'])
  expect(problemsOf(fromRft(judge, { passThreshold: 'apply' }))).toEqual([
    '"judge" gives 1 or 0 by pass_threshold, where RFT rewards the score',
  ])
  const cosine = { ...similar, evaluation_metric: 'cosine' }
  expect(problemsOf(fromRft(cosine, { embeddings: 'm' }))).toEqual(['"t" uses the metric cosine, which RFT does not take'])
  expect(problemsOf(fromRft({ type: 'multi', name: 'm', graders: { c: cosine }, calculate_output: 'c' }, { embeddings: 'm' }))).toEqual([
    '"c" uses the metric cosine, which RFT does not take',
  ])
  const made = formula({
    graders: { own, w: weighted({ graders: [bleu()] }), m: exactMatch() },
    expression: 'own',
    pass: 1,
    outOfRange: 'refuse',
  })
  expect(problemsOf(made)).toEqual([
    '"formula" gives 1 or 0 by its pass value, where RFT rewards the value',
    '"formula" gives no reward outside 0 to 1, where RFT gives the value',
    '"own" is a function of its own, which no JSON can hold',
    '"w" is made of other graders, which RFT does not take inside a multi',
    '"m" forgives white space at the ends, and string_check does not (approximate: true writes it all the same)',
  ])
  const inner = fromRft({ type: 'multi', name: 'inner', graders: { check }, calculate_output: 'check' })
  expect(problemsOf(weighted({ graders: [inner] }))).toEqual(['"inner" is a multi, which RFT does not take inside another'])
})

test('toRft() writes exactMatch() as string_check only when an approximation will do', () => {
  expect(problemsOf(exactMatch()).length).toBe(1)
  expect(toRft(exactMatch(), { approximate: true })).toEqual({
    json: { type: 'string_check', name: 'exact-match', input: '{{sample.output_text}}', reference: '{{item.expected}}', operation: 'eq' },
  })
})
