import { connect } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { graders } from '../../../../src/grader/graders.ts'
import type { WatchReport } from '../../../../src/trainer/trainer.ts'
import type { WatchMessage } from '../../../../src/trainer/trl/protocol.ts'
import { ask, gateway, item, openBench, post, servicesOf, STOP, sums, tokens, until, type Bench } from './grader-fixture.ts'

let bench: Bench
beforeEach(() => void (bench = openBench()))
afterEach(() => bench.close())

const one = { step: 0, rank: 0, items: [item(0, '1')] }

describe('startGraderServer() on /rewards', () => {
  test('startGraderServer() gives the graders’ rewards in the order of the items', async () => {
    const server = await bench.start({ services: servicesOf(await sums()) })
    const answer = await ask(server, [item(2, '3'), item(0, '7'), item(1, '2')])
    expect(answer.status).toBe(200)
    expect(answer.body).toEqual({
      rewards: [
        { index: 2, reward: 1, error: null },
        { index: 0, reward: 0, error: null },
        { index: 1, reward: 1, error: null },
      ],
    })
    expect(server.problem).toBe(null)
  })

  test('startGraderServer() shows graders the text without the stop token, and every token', async () => {
    const seen: unknown[] = []
    const spy = graders.custom('spy', ({ completion }) => seen.push(completion) > 0)
    const server = await bench.start({ services: servicesOf(await sums({ graders: [spy] })) })
    const middle = [49, STOP, 50]
    await ask(server, [item(0, '12'), item(1, '', { tokenIds: middle, finishReason: 'length' }), item(2, '', { tokenIds: [] })])
    expect(seen).toEqual([
      { text: '12', tokenIds: tokens('12'), logProbs: null, finishReason: 'stop' },
      { text: '1\u00002', tokenIds: middle, logProbs: null, finishReason: 'length' },
      { text: '', tokenIds: [], logProbs: null, finishReason: 'stop' },
    ])
  })

  test('startGraderServer() rewards replayed cases by their own eval', async () => {
    const replayed = await sums({
      name: 'shout',
      graders: [graders.exactMatch()],
      cases: [{ id: 't0', input: 'a', expected: 'A', role: 'train' }],
    })
    const server = await bench.start({ services: servicesOf({ own: await sums(), replayed: [replayed] }) })
    const answer = await ask(server, [
      item(0, '1'),
      item(1, 'A', { caseId: 't0', eval: 'shout' }),
      item(2, '1', { caseId: 't0', eval: 'shout' }),
    ])
    expect(answer.body).toMatchObject({ rewards: [{ reward: 1 }, { reward: 1 }, { reward: 0 }] })
  })

  test.each([
    ['g', 'gate'],
    ['d', 'dev'],
    ['w', 'twin'],
  ])('startGraderServer() refuses to reward case %s and says that the training must end', async (caseId, role) => {
    const server = await bench.start({ services: servicesOf(await sums()) })
    const answer = await ask(server, [item(0, '1'), item(1, '31', { caseId })])
    const error = `REWARD_REFUSED  Case "${caseId}" of eval "sums" must not be rewarded: its role is "${role}"
  where  trainer
  fix    train on cases with role "train" only; every other role is there to judge what was trained`
    expect([answer.status, answer.body]).toEqual([403, { code: 'REWARD_REFUSED', error }])
    expect(server.problem?.code).toBe('REWARD_REFUSED')
  })

  test.each(['__proto__', 'constructor', 'toString', ''])('startGraderServer() knows no case and no eval named %j', async (name) => {
    const server = await bench.start({ services: servicesOf(await sums()) })
    expect((await ask(server, [item(0, '1', { caseId: name })])).status).toBe(403)
    if (name !== '') expect((await ask(server, [item(0, '1', { eval: name })])).status).toBe(403)
  })
})

describe('startGraderServer() against strangers and bad bodies', () => {
  test.each<[string, (token: string) => Record<string, string>]>([
    ['no token', () => ({})],
    ['another token', () => ({ authorization: `Bearer ${'0'.repeat(64)}` })],
    ['a part of the token', (token) => ({ authorization: `Bearer ${token.slice(0, -1)}` })],
    ['another scheme', (token) => ({ authorization: token })],
  ])('startGraderServer() answers 401 to %s, whatever is asked', async (_, headersOf) => {
    let asked = 0
    const server = await bench.start({ services: { grade: () => Promise.resolve([asked++]) } })
    for (const path of ['/rewards', '/watch', '/elsewhere']) {
      const { status, body } = await post(server, path, one, { headers: headersOf(server.token) })
      expect([status, body]).toEqual([401, { code: 'UNAUTHORISED', error: 'the request does not carry the token of this server' }])
    }
    expect(asked).toBe(0)
  })

  test('startGraderServer() makes a token of 32 random bytes, a port of its own, and listens on loopback only', async () => {
    const services = servicesOf(await sums())
    const [a, b] = [await bench.start({ services }), await bench.start({ services })]
    expect(a.token).toMatch(/^[0-9a-f]{64}$/)
    expect(a.token).not.toBe(b.token)
    expect(a.port).not.toBe(b.port)
    expect(a.url).toBe(`http://127.0.0.1:${a.port}`)
    // Another address of this machine: a server on all of them would answer.
    const socket = connect(a.port, '127.0.0.2')
    const outcome = await new Promise((resolve) => socket.on('connect', () => resolve('connected')).on('error', () => resolve('refused')))
    socket.destroy()
    expect(outcome).toBe('refused')
  })

  test('startGraderServer() answers 404 for other paths and 405 for other methods', async () => {
    const server = await bench.start({ services: servicesOf(await sums()) })
    expect((await post(server, '/', one)).status).toBe(404)
    expect((await post(server, '/rewards/../watch/x', one)).status).toBe(404)
    const { status, headers } = await post(server, '/rewards', '', { method: 'PUT' })
    expect([status, headers.get('allow')]).toEqual([405, 'POST'])
  })

  test.each<[string, string, string]>([
    ['nothing', '', 'the body is not JSON'],
    ['garbage', '\u0000\u001b[2J{{{', 'the body is not JSON'],
    ['depth', '['.repeat(100_000), 'the body is not JSON'],
    ['a list', '[]', 'the body: "Invalid input: expected object, received array"'],
    ['no items', '{"step":0,"rank":0,"items":[]}', '"items": "Too small: expected array to have >=1 items"'],
    ['no step', '{"rank":0,"items":[]}', '"step": "Invalid input: expected number, received undefined"'],
    ['a negative step', JSON.stringify({ ...one, step: -1 }), '"step": "Too small: expected number to be >=0"'],
    ['half a rank', JSON.stringify({ ...one, rank: 0.5 }), '"rank": "Invalid input: expected int, received number"'],
    ['a negative index', JSON.stringify({ ...one, items: [item(-1, '1')] }), '"items.0.index": "Too small: expected number to be >=0"'],
    ['a huge step', '{"step":1e999,"rank":0,"items":[]}', '"step": "Invalid input: expected number, received Infinity"'],
    ['another ending', JSON.stringify({ ...one, items: [{ ...item(0, '1'), finishReason: 'error' }] }), '"items.0.finishReason":'],
    ['text for tokens', JSON.stringify({ ...one, items: [{ ...item(0, '1'), tokenIds: 'abc' }] }), '"items.0.tokenIds":'],
    ['an unknown key', JSON.stringify({ ...one, 'reward\u001b': 1 }), 'the body: "Unrecognized key: '],
    ['an index twice', JSON.stringify({ ...one, items: [item(0, '1'), item(0, '2')] }), 'an index appears twice among the items'],
    ['no such token', JSON.stringify({ ...one, items: [item(0, '', { tokenIds: [2 ** 40] })] }), 'token ids could not be decoded: "'],
  ])('startGraderServer() answers 400 to %s, and says what is wrong', async (_, body, error) => {
    let asked = 0
    const server = await bench.start({ services: { grade: () => Promise.resolve([asked++]) } })
    const answer = await post(server, '/rewards', body)
    expect(answer.status).toBe(400)
    expect(answer.body).toMatchObject({ code: 'BAD_REQUEST', error: expect.stringContaining(error) })
    // oxlint-disable-next-line no-control-regex
    expect(JSON.stringify(answer.body)).not.toMatch(/[\u0000-\u001f]|\\u001b/)
    expect([asked, server.problem]).toEqual([0, null])
  })

  test('startGraderServer() is not changed by keys that objects inherit', async () => {
    const server = await bench.start({ services: servicesOf(await sums()) })
    const hostile = `{"__proto__":{"step":1,"polluted":true},"constructor":{"prototype":{"polluted":true}},${JSON.stringify(one).slice(1)}`
    expect((await post(server, '/rewards', hostile)).status).toBe(400)
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false)
    expect((await post(server, '/rewards', one)).status).toBe(200)
  })

  test.each(['whole', 'in pieces of unknown number'])(
    'startGraderServer() answers 413 to 2 MB of garbage sent %s, and goes on',
    async (way) => {
      const server = await bench.start({ services: servicesOf(await sums()), limits: { bodyBytes: 1_000_000 } })
      const piece = Buffer.alloc(65_536, 'x')
      let left = 32
      const stream = new ReadableStream({ pull: (controller) => (left-- > 0 ? controller.enqueue(piece) : controller.close()) })
      const answer =
        way === 'whole' ? await post(server, '/rewards', 'x'.repeat(2_000_000)) : await post(server, '/rewards', stream, { duplex: 'half' })
      expect([answer.status, answer.body]).toEqual([413, { code: 'TOO_LARGE', error: 'the body is longer than 1000000 bytes' }])
      expect((await post(server, '/rewards', one)).status).toBe(200)
    },
  )

  test('startGraderServer() survives what is not HTTP, and clients that leave in the middle of a body', async () => {
    const server = await bench.start({ services: servicesOf(await sums()) })
    const head = `POST /rewards HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${server.token}\r\ncontent-length: 5000\r\n\r\n{"step":`
    for (const text of ['\u0016\u0003\u0001 hello', 'GET\r\n\r\n', head]) {
      const socket = connect(server.port, '127.0.0.1')
      await new Promise<void>((resolve) => socket.write(text, () => resolve()))
      socket.destroy()
    }
    expect((await post(server, '/rewards', one)).status).toBe(200)
  })
})

describe('startGraderServer() on /watch', () => {
  const shown = (step: number, text = '21'): WatchMessage => ({
    step,
    meanReward: 0.5,
    items: [{ eval: '', caseId: 'd', tokenIds: tokens(text), finishReason: 'stop' }],
  })

  test('startGraderServer() hands a checkpoint’s answers to the watch once, and passes on what it says', async () => {
    const reports: WatchReport[] = []
    const watch = (report: WatchReport) => {
      reports.push(report)
      return Promise.resolve(report.step === 20 ? { stop: true as const, reason: 'twins fell' } : { stop: false as const })
    }
    const server = await bench.start({ services: { grade: () => Promise.resolve([1]), watch } })
    const twice = await Promise.all([post(server, '/watch', shown(0)), post(server, '/watch', shown(0))])
    expect(twice.map(({ body }) => body)).toEqual([
      { stop: false, reason: '' },
      { stop: false, reason: '' },
    ])
    expect((await post(server, '/watch', shown(20))).body).toEqual({ stop: true, reason: 'twins fell' })
    expect(reports.map(({ step }) => step)).toEqual([0, 20])
    const completion = { text: '21', tokenIds: tokens('21'), logProbs: null, finishReason: 'stop' }
    expect(reports[0]).toEqual({ step: 0, meanReward: 0.5, answers: [{ caseId: 'd', eval: '', completion }] })
  })

  test('startGraderServer() answers 409 to other answers of a watched step, unless the training went back before it', async () => {
    let asked = 0
    const watch = () => Promise.resolve({ stop: false as const, asked: asked++ })
    const server = await bench.start({ services: { grade: () => Promise.resolve([1]), watch } })
    await post(server, '/watch', shown(10))
    expect((await post(server, '/watch', shown(10, '22'))).body).toEqual({
      code: 'CONFLICT',
      error: 'step 10 was already watched with other answers',
    })
    server.forgetAfter(10)
    expect((await post(server, '/watch', shown(10, '22'))).status).toBe(409)
    server.forgetAfter(9)
    expect((await post(server, '/watch', shown(10))).status).toBe(200)
    expect([(await post(server, '/watch', shown(10, '22'))).status, asked]).toEqual([409, 1])
    server.forgetAfter(9)
    expect([(await post(server, '/watch', shown(10, '22'))).status, asked]).toEqual([200, 2])
  })

  test('startGraderServer() lets a training go on that nobody watches', async () => {
    const server = await bench.start({ services: { grade: () => Promise.resolve([1]) } })
    expect((await post(server, '/watch', { ...shown(0), meanReward: null })).body).toEqual({ stop: false, reason: '' })
  })

  test('startGraderServer() ends a training whose watch fails', async () => {
    const watch = () => Promise.reject(new Error('no\u001bdisk'))
    const server = await bench.start({ services: { grade: () => Promise.resolve([1]), watch } })
    const answer = await post(server, '/watch', shown(5))
    expect([answer.status, answer.body]).toMatchObject([
      500,
      { code: 'INTERNAL', error: expect.stringContaining('The watch of step 5 failed: "no disk"') },
    ])
    expect(server.problem?.code).toBe('INTERNAL')
  })
})

describe('GraderServer.close()', () => {
  test('GraderServer.close() ends connections that wait for a grader, and grades nothing more', async () => {
    const started: string[] = []
    const { opened, open } = gateway()
    const grade = async ([request]: readonly { readonly caseId: string }[]) => {
      started.push(request?.caseId ?? '')
      await opened
      return [1]
    }
    const server = await bench.start({ services: { grade }, limits: { gradedAtOnce: 1 } })
    const waiting = ask(server, [item(0, '1'), item(1, '2')]).then(
      () => 'answered',
      () => 'cut off',
    )
    await until(() => started.length === 1)
    await Promise.all([server.close(), server.close()])
    open()
    expect(await waiting).toBe('cut off')
    await expect(ask(server, [item(0, '1')])).rejects.toThrow('fetch failed')
    expect(started).toEqual(['t0'])
  })
})
