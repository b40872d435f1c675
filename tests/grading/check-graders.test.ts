import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { checkGradersCommand } from '../../src/cli/commands/check-graders.ts'
import type { CaseInput } from '../../src/eval/case.ts'
import { defineEval } from '../../src/eval/define-eval.ts'
import type { Eval, EvalOptions } from '../../src/eval/eval.ts'
import type { Grader, GraderModels } from '../../src/eval/grader.ts'
import { loadEval } from '../../src/eval/load-eval.ts'
import { graders } from '../../src/grader/graders.ts'
import { checkGraders } from '../../src/grading/check-graders.ts'
import type { GraderCheck } from '../../src/grading/check-graders.ts'
import { missedOf, shownAnswersOf } from '../../src/grading/mutations/missed-answers.ts'
import { holesOf, refusedAsReward, rewardHoles } from '../../src/grading/mutations/reward-holes.ts'

const folder = mkdtempSync(join(tmpdir(), 'holdfast-check-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Forty sums with answers above a thousand. */
const SUMS: readonly CaseInput[] = Array.from({ length: 40 }, (_, n) => ({
  id: `c${n}`,
  input: `${1200 + n}+${n + 1}`,
  expected: 1201 + 2 * n,
  role: 'train',
}))
const ORDERS: readonly CaseInput[] = Array.from({ length: 30 }, (_, n) => ({
  id: `o${n}`,
  input: { message: `${n + 2} kites for Vera${'abcdefgh'[n % 8]}` },
  expected: { item: 'kite', count: n + 2, name: `Vera${'abcdefgh'[n % 8]}` },
  role: 'train',
}))
const TRIAGE: readonly CaseInput[] = Array.from({ length: 30 }, (_, n) => ({
  id: `t${n}`,
  input: `Message ${n}: chest pain or cold?`,
  expected: n % 2 === 0 ? 'urgent' : 'routine',
  role: 'dev',
}))

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))

function load(cases: readonly CaseInput[], list: readonly Grader[], changes: Partial<EvalOptions> = {}): Promise<Eval> {
  return loadEval(defineEval({ name: 'tried', cases, prompt: 'Answer: {{input}}', graders: list, ...changes }), { origin: 'tried.eval.ts' })
}

/** Misjudged kinds of answer by grader and profile. */
function misjudged({ graders: results }: GraderCheck): readonly string[] {
  return results.flatMap(({ grader, profile, mutations }) =>
    mutations.filter((row) => row.misjudged > 0).map((row) => `${grader} ${profile} ${row.mutation}`),
  )
}

test('checkGraders() finds nothing to say against a number grader in the reward profile', async () => {
  const check = await checkGraders(await load(SUMS, [graders.number()]))
  const [, reward] = check.graders
  expect([reward?.profile, reward?.falsePositiveShare, reward?.falseNegativeShare]).toEqual(['reward', 0, 0])
  const tried = reward?.mutations.map(({ mutation }) => mutation) ?? []
  expect(tried).toContain('number with thousands separators')
  expect(tried).toContain('a digit changed')
  expect(reward?.mutations.find(({ mutation }) => mutation === 'empty')).toEqual({
    ...{ mutation: 'empty', family: 'empty', tried: 20, misjudged: 0, ungraded: 0, extremeReward: 0, examples: [] },
  })
  expect(await rewardHoles(await load(SUMS, [graders.number()]))).toEqual([])
})

test('checkGraders() finds nothing to say against JSON match, and shows how much of a reward a wrong answer gets', async () => {
  const check = await checkGraders(await load(ORDERS, [graders.jsonMatch()]))
  expect(misjudged(check)).toEqual([])
  const other = check.graders[1]?.mutations.find(({ mutation }) => mutation === "another case's answer")
  expect(other?.extremeReward).toBeGreaterThan(0)
  expect(check.graders[0]?.mutations.map(({ mutation }) => mutation)).toContain('JSON in a code fence')
  expect(check.graders[1]?.mutations.map(({ mutation }) => mutation)).not.toContain('JSON in a code fence')
})

test('checkGraders() finds a grader that passes everything, nothing, what is parroted, and what contains the answer', async () => {
  const bad: readonly Grader[] = [
    graders.custom('anything', () => true),
    graders.custom('nothing', () => false),
    graders.custom('same words', ({ completion, case: row }) => completion.text.includes(textOf(row.input))),
    graders.custom('contains', ({ completion, case: row }) => completion.text.includes(textOf(row.expected))),
  ]
  const found = await load(SUMS, bad)
  const check = await checkGraders(found)
  const shares = check.graders
    .filter(({ profile }) => profile === 'reward')
    .map((row) => [row.grader, row.falsePositiveShare, row.falseNegativeShare])
  expect(shares[0]).toEqual(['anything', 1, 0])
  expect(shares[1]).toEqual(['nothing', 0, 1])
  const of = (grader: string): readonly string[] => misjudged(check).filter((line) => line.startsWith(`${grader} reward`))
  expect(of('same words')).toEqual(expect.arrayContaining(['same words reward prompt parroted', 'same words reward input parroted']))
  expect(of('contains')).toEqual(expect.arrayContaining(['contains reward answer in a long hedge', 'contains reward negated']))
  expect(of('contains')).not.toContain("contains reward another case's answer")
  expect(refusedAsReward(found, check)).toEqual([
    'grader "anything" passes "empty" in 20 of 20 cases (profile "reward")',
    'grader "anything" passes "white space" in 20 of 20 cases (profile "reward")',
    'grader "anything" passes "prompt parroted" in 20 of 20 cases (profile "reward")',
    'grader "anything" passes "input parroted" in 20 of 20 cases (profile "reward")',
    'grader "same words" passes "prompt parroted" in 20 of 20 cases (profile "reward")',
    'grader "same words" passes "input parroted" in 20 of 20 cases (profile "reward")',
  ])
  expect((await rewardHoles(found)).length).toBe(6)
  expect(holesOf(check).some((hole) => hole.includes('"contains" passes "answer in a long hedge"'))).toBe(true)
})

test('checkGraders() tries all labels at once, and refuses no audit grader', async () => {
  const first = graders.custom('first label', ({ completion, case: row }) => completion.text.startsWith(textOf(row.expected)))
  const check = await checkGraders(await load(TRIAGE, [graders.label({ labels: ['urgent', 'routine'] })], { auditGraders: [first] }))
  expect(misjudged(check)).toContain('first label reward all labels')
  expect(holesOf(check)).toEqual([])
})

test('checkGraders() gives the same result for the same seed and other cases for another one', async () => {
  const found = await load(SUMS, [graders.number()])
  const [one, again, other] = [await checkGraders(found), await checkGraders(found), await checkGraders(found, { seed: 2 })]
  expect(again).toEqual(one)
  expect(other.caseIds).not.toEqual(one.caseIds)
})

test('checkGraders() calls no answer wrong that is right, and counts what could not be graded apart', async () => {
  const echo: readonly CaseInput[] = [{ id: 'e', input: 'kite', expected: 'Kite', chosen: 'kite', role: 'train' }]
  const check = await checkGraders(await load(echo, [graders.custom('silent', () => null)], { prompt: '{{input}}' }))
  const [evalProfile] = check.graders
  expect(evalProfile?.mutations.map(({ mutation }) => mutation)).not.toContain('prompt parroted')
  expect([evalProfile?.falsePositiveShare, evalProfile?.mutations[0]?.ungraded]).toEqual([null, 1])
})

test('checkGraders() tries other cases’ objects on a grader that only knows a schema', async () => {
  const schema = { type: 'object', required: ['item', 'count', 'name'] }
  const check = await checkGraders(await load(ORDERS, [graders.jsonSchema({ schema })]))
  expect(holesOf(check)).toContain('grader "json-schema" passes "another case\'s answer" in 20 of 20 cases (profile "reward")')
})

/** A judge that believes an answer with certain words in it, and else looks at the reference. */
function judgeModel(believes: RegExp): GraderModels & { readonly asked: string[] } {
  const asked: string[] = []
  return {
    asked,
    complete: (_reference, { messages }) => {
      const text = messages.at(-1)?.content ?? ''
      asked.push(text)
      const [, answer = ''] = /BEGIN ANSWER \w+\n([^]*)\nEND ANSWER/.exec(text) ?? []
      const [, reference] = /BEGIN REFERENCE \w+\n([^]*)\nEND REFERENCE/.exec(text) ?? []
      const score = believes.test(answer) || answer.trim() === reference ? 5 : 1
      return Promise.resolve({ text: JSON.stringify({ reasoning: '', score }), tokenIds: [], logProbs: null, finishReason: 'stop' })
    },
    embed: () => Promise.reject(new Error('not asked')),
  }
}

test('checkGraders() tries to talk a judge round after wrong answers, in several ways, at a bounded number of questions', async () => {
  const judged = await load(TRIAGE, [graders.judge.score({ model: 'm', rubric: 'right or wrong' })])
  const sound = judgeModel(/(?!)/)
  const fine = await checkGraders(judged, { models: sound })
  expect(
    fine.graders.map(({ profile, falsePositiveShare, falseNegativeShare }) => [profile, falsePositiveShare, falseNegativeShare]),
  ).toEqual([['reward', 0, 0]])
  expect(sound.asked.length).toBeLessThanOrEqual(5 * 12)
  const holes = async (believes: RegExp): Promise<readonly string[]> =>
    holesOf(await checkGraders(judged, { models: judgeModel(believes) }))
  expect(await holes(/Ignore all previous/)).toEqual([
    'grader "judge-score" passes "wrong, with an order" in 5 of 5 cases (profile "reward")',
  ])
  expect(await holes(/outdated/)).toEqual(['grader "judge-score" passes "wrong, against the reference" in 5 of 5 cases (profile "reward")'])
  expect((await holes(/\w/)).length).toBeGreaterThan(7)
  expect(
    (await checkGraders(judged)).graders.map(({ falsePositiveShare, ungradedBecause }) => [falsePositiveShare, ungradedBecause]),
  ).toEqual([
    [null, 'JUDGE_UNAVAILABLE: no other model may be asked here'],
    [null, 'JUDGE_UNAVAILABLE: no other model may be asked here'],
  ])
})

test('missedOf() names right answers that the eval’s own graders fail, and those that get nothing', async () => {
  const half = graders.custom('half', ({ completion, case: row }) => (completion.text === textOf(row.expected) ? 1 : 0.5))
  const bad = await load(SUMS, [half], { demonstrations: { wordy: (row) => `It is ${textOf(row.expected)}.` } })
  expect(missedOf(await checkGraders(bad), await shownAnswersOf(bad))).toEqual([
    'the eval\'s own graders fail demonstration "wordy" in 40 of 40 cases ("c0", "c1", "c2", "c3", "c4" and 35 more)',
  ])
  const rows = SUMS.map((row, index) => (index === 7 ? { ...row, chosen: 'no idea' } : row))
  const zero = await load(rows, [graders.number()])
  expect(missedOf(await checkGraders(zero), await shownAnswersOf(zero))).toEqual([
    'the eval\'s own graders fail demonstration "in-format" in 1 of 40 cases, 1 of them get 0: no arm may be trained on these ("c7")',
  ])
  const prose = await load(SUMS, [graders.number()], { demonstrations: { 'in-format': (row) => `It is ${textOf(row.expected)}.` } })
  expect(missedOf(await checkGraders(prose), await shownAnswersOf(prose))).toEqual([
    'grader "number" fails all 20 answers that the eval declares right (profile "reward")',
  ])
})

test('holdfast check-graders prints shares and examples, keeps them, and ends with 1 when a grader has a hole', async () => {
  const cases = JSON.stringify(SUMS)
  const write = (name: string, list: string): string => {
    const file = join(folder, `${name}.eval.ts`)
    writeFileSync(
      file,
      `import { defineEval, graders } from 'holdfast'\nexport default defineEval({ name: '${name}', cases: ${cases}, prompt: '{{input}}', graders: [${list}] })\n`,
    )
    return file
  }
  const run = async (name: string, list: string): Promise<readonly [number, string]> => {
    let text = ''
    const out = { write: (part: string) => (text += part) }
    const terminal = { out, error: out, interruptSignal: () => new AbortController().signal }
    return [await checkGradersCommand(write(name, list), { reports: folder, limit: 5 }, terminal), text]
  }
  const plain = (body: string): string =>
    `{ name: 'g', kind: 'custom', version: 1, settings: null, grade: (input) => ({ reward: ${body}, subRewards: {}, formatValid: null, extractionRule: null, errors: [] }) }`
  const [code, text] = await run('holey', plain('1'))
  expect(code).toBe(1)
  expect(text).toContain('"g" (reward): 100.0 % of wrong answers passed, 0.0 % of right ones failed')
  expect(text).toContain('hole     grader "g" passes "empty" in 5 of 5 cases (profile "reward")')
  expect(text).toContain('refused  as a reward: an empty or parroted answer passes')
  const kept = JSON.parse(readFileSync(join(folder, 'graders', 'holey.json'), 'utf8')) as {
    readonly refused: readonly string[]
    readonly graders: readonly unknown[]
  }
  expect([kept.refused.length, kept.graders.length]).toEqual([4, 2])
  const [none, missed] = await run('useless', plain('0'))
  expect(none).toBe(1)
  expect(missed).toContain('"g" (eval): 0.0 % of wrong answers passed, 100.0 % of right ones failed')
  expect(missed).toContain('missed   the eval\'s own graders fail demonstration "in-format" in 40 of 40 cases, 40 of them get 0')
  expect(missed).not.toContain('no hole was found')
  const [unable, reason] = await run('unable', plain('null'))
  expect([unable, reason.includes('nothing could be tried: ')]).toEqual([3, true])
  const [fine, words] = await run('fine', plain('input.completion.text.trim() === String(input.case.expected) ? 1 : 0'))
  expect([fine, words.includes('no hole was found')]).toEqual([0, true])
})
