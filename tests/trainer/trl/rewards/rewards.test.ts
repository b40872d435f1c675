import { appendFileSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { GradeInput } from '../../../../src/eval/grader.ts'
import { openTokenizer } from '../../../../src/engine/tokenizer/tokenizer.ts'
import { graders } from '../../../../src/grader/graders.ts'
import { createEmbeddedModel } from '../../../../src/model/embedded-model.ts'
import { completionsOf } from '../../../../src/trainer/trl/rewards/completion.ts'
import { rewardRecordSchema, type RewardRecord } from '../../../../src/trainer/trl/rewards/record.ts'
import type { GraderServices } from '../../../../src/trainer/trl/rewards/verdict.ts'
import { ask, gateway, item, openBench, servicesOf, sums, until, type Bench, type HttpAnswer } from './grader-fixture.ts'

let bench: Bench
beforeEach(() => void (bench = openBench()))
afterEach(() => bench.close())

type Decide = (input: GradeInput) => boolean | number | null | Promise<boolean | number | null>

/** Services whose one grader is the function, and the cases that it was asked about. */
async function decidedBy(decide: Decide): Promise<{ readonly services: GraderServices; readonly asked: string[] }> {
  const asked: string[] = []
  const mine = graders.custom('mine', (input) => {
    asked.push(input.case.id)
    return decide(input)
  })
  return { services: servicesOf(await sums({ graders: [mine] })), asked }
}

const rewardsOf = (answer: HttpAnswer): unknown => (answer.body as { readonly rewards?: unknown }).rewards
const recordsIn = (directory: string): RewardRecord[] =>
  readFileSync(join(directory, 'rewards.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => rewardRecordSchema.parse(JSON.parse(line)))

describe('GraderRewards with graders that fail', () => {
  test.each<[string, Decide, string]>([
    ['throws', () => { throw new Error('no \u001b[2Jmodel') }, 'GRADER_THREW: grader "mine" threw "no  [2Jmodel"'], // prettier-ignore
    ['rejects', () => Promise.reject(new Error('offline')), 'GRADER_THREW: grader "mine" threw "offline"'],
    ['gives NaN', () => Number.NaN, 'GRADER_BAD_GRADE: grader "mine" gave the reward NaN, which is neither null nor from 0 to 1'],
    ['lies', () => 2, 'GRADER_BAD_GRADE: grader "mine" gave the reward 2, which is neither null nor from 0 to 1'],
    ['abstains', () => null, 'GRADER_ABSTAINED: the grader gave null'],
  ])('GraderRewards gives null and the error when a grader %s, and grades the others', async (_, decide, error) => {
    const { services } = await decidedBy((input) => (input.case.id === 't1' ? decide(input) : true))
    const server = await bench.start({ services })
    expect(rewardsOf(await ask(server, [item(0, '1'), item(1, '2'), item(2, '3')]))).toEqual([
      { index: 0, reward: 1, error: null },
      { index: 1, reward: null, error },
      { index: 2, reward: 1, error: null },
    ])
    expect(server.problem).toBe(null)
  })

  test.each<[string, () => Promise<unknown>, string]>([
    ['nothing', () => Promise.resolve([]), 'GRADER_BAD_GRADE: the graders gave no list of one reward'],
    ['a reward too many', () => Promise.resolve([1, 1]), 'GRADER_BAD_GRADE: the graders gave no list of one reward'],
    ['a text', () => Promise.resolve(['1']), 'GRADER_BAD_GRADE: the reward is string, which is neither null nor from 0 to 1'],
    ['-0.1', () => Promise.resolve([-0.1]), 'GRADER_BAD_GRADE: the reward is -0.1, which is neither null nor from 0 to 1'],
    ['null', () => Promise.resolve([null]), 'GRADER_ABSTAINED: the graders gave no reward'],
    ['a rejection', () => Promise.reject(new TypeError('x is not a function')), 'GRADER_THREW: "x is not a function"'],
    ['a throw', () => { throw new Error('at once') }, 'GRADER_THREW: "at once"'], // prettier-ignore
  ])('GraderRewards believes no service that gives %s', async (_, grade, error) => {
    const server = await bench.start({ services: { grade: grade as GraderServices['grade'] } })
    expect(rewardsOf(await ask(server, [item(0, '1')]))).toEqual([{ index: 0, reward: null, error }])
  })

  test('GraderRewards gives up a grader that hangs, frees its place and drops its late answer', async () => {
    const { opened, open } = gateway()
    const { services, asked } = await decidedBy((input) => (input.case.id === 't0' ? opened.then(() => true) : true))
    const server = await bench.start({ services, limits: { gradedAtOnce: 1, deadlineMs: 60 } })
    const late = { index: 0, reward: null, error: 'GRADER_TIMED_OUT: no reward within 60 ms' }
    expect(rewardsOf(await ask(server, [item(0, '1'), item(1, '2')]))).toEqual([late, { index: 1, reward: 1, error: null }])
    open()
    expect(rewardsOf(await ask(server, [item(0, '1')]))).toEqual([late])
    expect(asked).toEqual(['t0', 't1'])
    expect(Object.fromEntries(recordsIn(bench.directory).map(({ caseId, reward }) => [caseId, reward]))).toEqual({ t0: null, t1: 1 })
  })
})

describe('GraderRewards under load', () => {
  test('GraderRewards grades so many at once, lets so many wait, sends the others away, and loses nothing', async () => {
    const { opened, open } = gateway()
    let [running, most] = [0, 0]
    const { services, asked } = await decidedBy(async () => {
      most = Math.max(most, ++running)
      await opened
      running--
      return true
    })
    const server = await bench.start({ services, limits: { gradedAtOnce: 2, waiting: 3 } })
    const first = ask(server, [item(0, '1'), item(1, '2'), item(2, '3'), item(3, '4')])
    await until(() => asked.length === 2)
    const sentAway = await ask(server, [item(0, '1'), item(4, '5'), item(5, '6')])
    expect([sentAway.status, sentAway.headers.get('retry-after')]).toEqual([503, '1'])
    expect(sentAway.body).toEqual({ code: 'BUSY', error: '2 completions wait to be graded, 3 may' })
    const second = ask(server, [item(3, '4'), item(4, '5')])
    await until(() => running === 2)
    open()
    expect((await Promise.all([first, second])).map(({ status }) => status)).toEqual([200, 200])
    expect((await ask(server, [item(0, '1'), item(4, '5'), item(5, '6')])).status).toBe(200)
    expect([most, asked]).toEqual([2, ['t0', 't1', 't2', 't3', 't4', 't5']])
    expect(recordsIn(bench.directory)).toHaveLength(6)
  })

  test('GraderRewards takes a message of more than may wait when nothing waits', async () => {
    const { services } = await decidedBy(() => true)
    const server = await bench.start({ services, limits: { gradedAtOnce: 1, waiting: 2 } })
    expect(
      (
        await ask(
          server,
          Array.from({ length: 8 }, (_, i) => item(i, '1')),
        )
      ).status,
    ).toBe(200)
  })

  test('GraderRewards grades a completion once that is asked for again while it is graded', async () => {
    const { opened, open } = gateway()
    const { services, asked } = await decidedBy(() => opened.then(() => 0.5))
    const server = await bench.start({ services })
    const answers = [ask(server, [item(0, '1')]), ask(server, [item(1, '2'), item(0, '1')])]
    await until(() => asked.length === 2)
    open()
    expect((await Promise.all(answers)).map(rewardsOf)).toMatchObject([
      [{ index: 0, reward: 0.5 }],
      [{ index: 1 }, { index: 0, reward: 0.5 }],
    ])
    expect([asked.length, recordsIn(bench.directory).length]).toEqual([2, 2])
  })

  test('GraderRewards keeps the reward of a client that went away for when it asks again', async () => {
    const { opened, open } = gateway()
    const { services, asked } = await decidedBy(() => opened.then(() => true))
    const server = await bench.start({ services })
    const abort = new AbortController()
    const headers = { authorization: `Bearer ${server.token}` }
    const body = JSON.stringify({ step: 3, rank: 0, items: [item(0, '1')] })
    const left = fetch(`${server.url}/rewards`, { method: 'POST', headers, body, signal: abort.signal }).catch((error: Error) => error.name)
    await until(() => asked.length === 1)
    abort.abort()
    expect(await left).toBe('AbortError')
    open()
    expect(rewardsOf(await ask(server, [item(0, '1')]))).toEqual([{ index: 0, reward: 1, error: null }])
    expect(asked).toEqual(['t0'])
  })

  test('GraderRewards tells completions apart by step, rank and index', async () => {
    const { services, asked } = await decidedBy(() => true)
    const server = await bench.start({ services })
    await ask(server, [item(0, '1')])
    await ask(server, [item(0, '1')], { rank: 1 })
    await ask(server, [item(0, '1')], { step: 4 })
    await ask(server, [item(1, '1', { caseId: 't0' })])
    expect(asked).toHaveLength(4)
  })

  test.each([
    ['tokens', item(0, '2')],
    ['case', item(0, '1', { caseId: 't1' })],
    ['eval', item(0, '1', { eval: 'sums' })],
    ['ending', item(0, '1', { finishReason: 'length' })],
  ])('GraderRewards answers 409 to a known place with other %s, and grades nothing of the message', async (_, other) => {
    const { services, asked } = await decidedBy(() => true)
    const server = await bench.start({ services })
    await ask(server, [item(0, '1')])
    const answer = await ask(server, [item(5, '6'), other])
    const error = `step 3, rank 0, index 0 was rewarded for another completion than this one of case "${other.caseId}"`
    expect([answer.status, answer.body]).toEqual([409, { code: 'CONFLICT', error }])
    expect([asked, server.problem]).toEqual([['t0'], null])
  })
})

describe('GraderRewards after a restart', () => {
  const failing: Decide = ({ case: row, completion }) => (row.id === 't1' ? null : completion.text === '1')

  test('GraderRewards records each reward, and answers from the record without grading again', async () => {
    const before = await decidedBy(failing)
    const first = await bench.start({ services: before.services })
    const answer = await ask(first, [item(0, '1'), item(1, '2')])
    const place = { schemaVersion: 1, run: 'r1', round: '01-sums', arm: 'grpo', step: 3, rank: 0 }
    const same = { eval: '', finishReason: 'stop', graderHash: 'abcd', profile: 'reward' }
    const error = 'GRADER_ABSTAINED: the grader gave null'
    expect(recordsIn(bench.directory)).toEqual([
      { ...place, ...same, index: 0, caseId: 't0', tokensHash: '4a938b10d90f5951', reward: 1, error: null },
      { ...place, ...same, index: 1, caseId: 't1', tokensHash: '3d46762d1619c3ba', reward: null, error },
    ])
    await first.close()
    const after = await decidedBy(() => 0)
    const second = await bench.start({ services: after.services })
    expect((await ask(second, [item(0, '1'), item(1, '2')])).body).toEqual(answer.body)
    expect((await ask(second, [item(0, '7')])).status).toBe(409)
    expect(after.asked).toEqual([])
  })

  test('GraderRewards replaces rewards after the step that the training goes on from, where the completions differ', async () => {
    const first = await bench.start({ services: (await decidedBy(failing)).services })
    for (const step of [1, 2, 3]) await ask(first, [item(0, '1'), item(2, '1')], { step })
    await first.close()
    const { services, asked } = await decidedBy(failing)
    const second = await bench.start({ services })
    second.forgetAfter(1)
    expect((await ask(second, [item(0, 'x')], { step: 1 })).status).toBe(409)
    expect(rewardsOf(await ask(second, [item(0, '1'), item(2, 'x')], { step: 2 }))).toMatchObject([{ reward: 1 }, { reward: 0 }])
    expect(asked).toEqual(['t2'])
    // Both were asked for again: from now on they are as fixed as any.
    expect((await ask(second, [item(0, 'x')], { step: 2 })).status).toBe(409)
    expect((await ask(second, [item(2, '1')], { step: 2 })).status).toBe(409)
    await second.close()
    const records = recordsIn(bench.directory).map(({ step, index, reward }) => [step, index, reward])
    expect(records).toEqual([[1, 0, 1], [1, 2, 1], [2, 0, 1], [2, 2, 0], [3, 0, 1], [3, 2, 1]]) // prettier-ignore
  })

  test('GraderRewards grades again behind that step what could not be graded, though the completion is the same', async () => {
    const first = await bench.start({ services: (await decidedBy(() => null)).services })
    for (const step of [1, 2]) expect(rewardsOf(await ask(first, [item(0, '1')], { step }))).toMatchObject([{ reward: null }])
    await first.close()
    const mended = await decidedBy(() => 1)
    const second = await bench.start({ services: mended.services })
    second.forgetAfter(1)
    expect(rewardsOf(await ask(second, [item(0, '1')], { step: 1 }))).toMatchObject([{ reward: null }])
    expect(rewardsOf(await ask(second, [item(0, '1')], { step: 2 }))).toMatchObject([{ reward: 1 }])
    await second.close()
    expect(recordsIn(bench.directory).map(({ step, reward }) => [step, reward])).toEqual([[1, null], [2, 1]]) // prettier-ignore
  })

  test('GraderRewards drops the reward of a completion that was replaced while it was graded', async () => {
    const { opened, open } = gateway()
    const { services, asked } = await decidedBy(({ completion }) => (completion.text === 'old' ? opened.then(() => 1) : 0))
    const server = await bench.start({ services })
    const old = ask(server, [item(0, 'old')])
    await until(() => asked.length === 1)
    server.forgetAfter(2)
    expect(rewardsOf(await ask(server, [item(0, 'new')]))).toMatchObject([{ reward: 0 }])
    open()
    await old
    expect(rewardsOf(await ask(server, [item(0, 'new')]))).toMatchObject([{ reward: 0 }])
    await server.close()
    expect(recordsIn(bench.directory).map(({ reward }) => reward)).toEqual([0])
  })

  test('GraderRewards grades again what a damaged file, other graders or another training left', async () => {
    const first = await bench.start({ services: (await decidedBy(failing)).services })
    await ask(first, [item(0, '1'), item(1, '2'), item(2, '3'), item(3, '4')])
    await first.close()
    const file = join(bench.directory, 'rewards.jsonl')
    const [a, b, c, d] = readFileSync(file, 'utf8').split('\n') as [string, string, string, string]
    const changed = [a, b.replace('"abcd"', '"ffff"'), c.replace('"reward":0', '"reward":7'), d.replace('"r1"', '"r0"')]
    writeFileSync(file, `${changed.join('\n')}\nnull\n{"__proto__":1}\n`)
    appendFileSync(file, a.slice(0, 40))
    const { services, asked } = await decidedBy(() => 1)
    const second = await bench.start({ services })
    await ask(second, [item(0, '1'), item(1, '2'), item(2, '3'), item(3, '4')])
    expect(asked).toEqual(['t1', 't2', 't3'])
    expect(recordsIn(bench.directory).map(({ index, graderHash }) => [index, graderHash])).toEqual([0, 1, 2, 3].map((i) => [i, 'abcd']))
  })

  test('GraderRewards uses the hash of each eval’s own graders', async () => {
    const replayed = await sums({ name: 'shout', cases: [{ id: 's', input: 'a', expected: '1', role: 'train' }] })
    const services = servicesOf({ own: await sums(), replayed: [replayed] })
    const hashes = new Map([['', 'h-own'], ['shout', 'h-shout']]) // prettier-ignore
    const server = await bench.start({ services, graderHash: (name) => hashes.get(name) ?? 'none' })
    await ask(server, [item(0, '1'), item(1, '1', { caseId: 's', eval: 'shout' })])
    expect(recordsIn(bench.directory).map(({ graderHash }) => graderHash)).toEqual(['h-own', 'h-shout'])
  })

  test('GraderRewards ends a training whose rewards cannot be recorded, and answers none of them', async () => {
    const { services } = await decidedBy(() => true)
    const server = await bench.start({ services })
    const obstacle = join(bench.directory, 'rewards.jsonl')
    mkdirSync(obstacle)
    const answer = await ask(server, [item(0, '1')])
    rmdirSync(obstacle)
    expect([answer.status, answer.body]).toMatchObject([500, { code: 'WRITE_FAILED' }])
    expect(server.problem?.code).toBe('WRITE_FAILED')
    await server.close()
    expect(recordsIn(bench.directory)).toHaveLength(1)
  })
})

describe('completionsOf()', () => {
  const directory = fileURLToPath(new URL('../../../../models/nano/', import.meta.url))

  test('completionsOf() gives the text that the embedded model gives for the same tokens', async () => {
    const tokenizer = openTokenizer(directory)
    const [stop] = tokenizer.encode('<|im_end|>')
    const spoken = [...tokenizer.encode('Refill: 20 mg, naïve – ok')]
    const rows = [
      { ids: [...spoken, stop as number], finish: 'stop' as const },
      { ids: [...spoken, stop as number], finish: 'length' as const },
      { ids: spoken, finish: 'length' as const },
      { ids: [stop as number], finish: 'stop' as const },
    ]
    const logProbs = new Float32Array(0)
    const engine = {
      model: { stopIds: [stop], maxPositions: 64 },
      generate: () => Promise.resolve([rows.map(({ ids, finish }) => ({ ids: Int32Array.from(ids), finish, logProbs }))]),
    }
    const identity = { base: '', adapter: null, precision: '', device: '', engine: '' }
    const model = createEmbeddedModel({ engine, tokenizer, weights: null, identity } as unknown as Parameters<
      typeof createEmbeddedModel
    >[0])
    const sampling = { temperature: 0, topK: 0, topP: 1, maxNewTokens: 9 }
    const [embedded] = await model.generate([{ messages: [{ role: 'user', content: 'x' }], seeds: [1, 2, 3, 4] }], sampling)
    const items = rows.map(({ ids, finish }) => ({ eval: '', caseId: 'c', tokenIds: ids, finishReason: finish }))
    const ours = completionsOf({ decode: (ids) => tokenizer.decode(ids), stopIds: [stop as number] }, items)
    expect('answer' in ours && ours.answer.map(({ completion }) => completion.text)).toEqual(embedded?.map(({ text }) => text))
    expect(embedded?.[0]?.text).toBe('Refill: 20 mg, naïve – ok')
  })
})
