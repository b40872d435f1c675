import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { GradeInput } from '../../../src/eval/grader.ts'
import { embeddingSimilarity } from '../../../src/grader/embedding-similarity.ts'
import { createGraderModels } from '../../../src/grading/grader-models.ts'
import type { OpenGraderModels } from '../../../src/grading/grader-models.ts'
import { openEmbedder } from '../../../src/model/embed/open-embedder.ts'
import type { Embedder } from '../../../src/model/embed/embedder.ts'

const NANO = fileURLToPath(new URL('../../../models/nano', import.meta.url))
const TEXTS = ['please refill my omeprazole', 'A', 'Take two tablets of ibuprofen 200 mg daily with food, for five days.']

let embedder: Embedder
beforeAll(async () => {
  embedder = await openEmbedder(NANO, { threads: 1 })
})
afterAll(() => embedder.close())

const cosine = (left: Float32Array, right: Float32Array): number => left.reduce((sum, value, i) => sum + value * (right[i] as number), 0)

describe('openEmbedder() on the embedded engine', () => {
  test('gives vectors of length 1 that do not depend on what else is asked', async () => {
    const together = await embedder.embed(TEXTS)
    const other = await openEmbedder(NANO, { threads: 1 })
    const [alone] = await other.embed([TEXTS[2] as string])
    await other.close()
    for (const vector of together) expect(Math.hypot(...vector)).toBeCloseTo(1, 5)
    expect(cosine(together[2] as Float32Array, alone as Float32Array)).toBeCloseTo(1, 6)
    expect(cosine(together[0] as Float32Array, together[2] as Float32Array)).toBeLessThan(0.999)
  })

  test('gives zeros for an empty text, and cuts a long one', async () => {
    const [empty, long] = await embedder.embed(['', 'word '.repeat(5000)])
    expect(empty?.every((value) => value === 0)).toBe(true)
    expect(Math.hypot(...(long as Float32Array))).toBeCloseTo(1, 5)
  })
})

describe('embeddingSimilarity()', () => {
  let models: OpenGraderModels
  beforeAll(() => {
    models = createGraderModels({ cache: 'off' })
  })
  afterAll(() => models.close())

  const input = (text: string, expected: unknown): GradeInput => ({
    case: { id: 'c', input: 'q', expected: expected as string, role: 'dev', tags: [] },
    completion: { text, tokenIds: [], logProbs: null, finishReason: 'stop' },
    parsed: text,
    profile: 'eval',
    models,
  })

  test('gives 1 for the expected text, less for another, and the nearest of several', async () => {
    const grader = embeddingSimilarity({ model: NANO })
    const same = await grader.grade(input('refill omeprazole', 'refill omeprazole'))
    const other = await grader.grade(input('what time is my appointment?', 'refill omeprazole'))
    const nearest = await grader.grade(input('refill omeprazole', ['what time is my appointment?', 'refill omeprazole']))
    expect(same.reward).toBeCloseTo(1, 5)
    expect(other.reward as number).toBeLessThan(same.reward as number)
    expect(nearest.reward).toBeCloseTo(1, 5)
    const strict = embeddingSimilarity({ model: NANO, threshold: 0.9999 })
    expect((await strict.grade(input('refill omeprazole', 'refill omeprazole'))).reward).toBe(1)
    expect((await strict.grade(input('what time is my appointment?', 'refill omeprazole'))).reward).toBe(0)
  })

  test('gives no grade without text to compare with, without models, and for a model that is not there', async () => {
    const grader = embeddingSimilarity({ model: NANO })
    expect((await grader.grade(input('x', 3))).errors[0]?.code).toBe('GOLD_UNUSABLE')
    expect((await grader.grade({ ...input('x', 'y'), models: undefined })).errors[0]?.code).toBe('EMBEDDING_FAILED')
    const missing = await embeddingSimilarity({ model: './no-such-model' }).grade(input('x', 'y'))
    expect(missing).toMatchObject({ reward: null, errors: [{ code: 'EMBEDDING_FAILED' }] })
    expect(() => embeddingSimilarity({ model: NANO, threshold: 2 })).toThrow('the threshold 2 is no cosine')
  })
})

test('openEmbedder() asks a server for embeddings, in the order of the texts, and once for each text', async () => {
  const asked: unknown[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const body = JSON.parse(Buffer.concat(chunks).toString()) as { input: readonly string[] }
      asked.push([request.url, body])
      const data = body.input.map((text, index) => ({ index, embedding: [text.length, 0] })).toReversed()
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ data }))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const remote = await openEmbedder(`http://127.0.0.1:${(server.address() as AddressInfo).port}/v1#embedder`)
  expect((await remote.embed(['abc', 'abc'])).map((vector) => [...vector])).toEqual([
    [1, 0],
    [1, 0],
  ])
  expect(asked).toEqual([['/v1/embeddings', { model: 'embedder', input: ['abc'] }]])
  await remote.close()
  server.closeAllConnections()
  server.close()
})
