/**
 * @file The runner's server for real, judged by the embedded engine: the same weights must give the same tokens, log-probabilities and divergences.
 */
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Message, Sampling } from '../../../src/eval/completion.ts'
import { createEmbeddedModel } from '../../../src/model/embedded-model.ts'
import { createCompletionsClient } from '../../../src/model/server/completions-client.ts'
import { startServer } from '../../../src/model/server/managed-server.ts'
import type { ManagedServer } from '../../../src/model/server/managed-server.ts'
import { createServerModel } from '../../../src/model/server/server-model.ts'
import { ServedModels } from '../../../src/model/server/served-models.ts'
import type { Model } from '../../../src/model/model.ts'
import { modelContract } from '../../contracts/model.contract.ts'
import { findTrainerPython } from '../../python/trainer-python.ts'
import { SCRIPTED_IDENTITY } from '../scripted-model.ts'
import { makeServedFixture } from './served-fixture.ts'
import type { ServedFixture } from './served-fixture.ts'

const python = await findTrainerPython()
const GREEDY: Sampling = { temperature: 0, topK: 0, topP: 1, maxNewTokens: 16 }
const SAMPLED: Sampling = { ...GREEDY, temperature: 1 }
const QUESTIONS = ['Hello', 'Which clinics are open on Sunday, and until when?', 'Refill 20 mg please']
const ask = (content: string): readonly Message[] => [{ role: 'user', content }]

describe.skipIf(python === null)('models on the runner’s server', () => {
  let fixture: ServedFixture
  let server: ManagedServer
  let served: ServedModels

  beforeAll(async () => {
    fixture = await makeServedFixture()
    server = await startServer(fixture.serverOptions(python ?? '', 'server'))
    const { host, directory, tokenizer } = fixture
    served = new ServedModels({ server, host, directory: join(directory, 'adapters'), tokenizer, identity: SCRIPTED_IDENTITY })
  })
  afterAll(async () => {
    await server.stop()
    await fixture.close()
  })

  const embedded = (weights: string | null): Model =>
    createEmbeddedModel({ engine: fixture.engine, tokenizer: fixture.tokenizer, weights, identity: SCRIPTED_IDENTITY })
  const modelOf = (kind: 'runner' | 'vllm'): Model =>
    createServerModel({ ...fixture, client: server.client, name: 'base', identity: SCRIPTED_IDENTITY, kind, stopIds: server.stopIds })
  const prompts = (seeds: readonly number[]): { messages: readonly Message[]; seeds: readonly number[] }[] =>
    QUESTIONS.map((question) => ({ messages: ask(question), seeds }))

  modelContract('createServerModel() of the runner’s kind', () => Promise.resolve(modelOf('runner')))
  modelContract('createServerModel() of vLLM’s kind', () => Promise.resolve(modelOf('vllm')))

  test('createServerModel() gives greedy answers equal to the embedded engine’s, token by token', async () => {
    const [expected, found] = [await embedded(null).generate(prompts([1]), GREEDY), await modelOf('runner').generate(prompts([1]), GREEDY)]
    expect(found.flat().map(({ text, tokenIds }) => [text, tokenIds])).toEqual(
      expected.flat().map(({ text, tokenIds }) => [text, tokenIds]),
    )
    const differences = found
      .flat()
      .flatMap(({ logProbs }, i) => logProbs!.map((value, t) => Math.abs(value - expected.flat()[i]!.logProbs![t]!)))
    expect(Math.max(...differences)).toBeLessThan(1e-4)
  })

  test('createServerModel() draws a row from its own seed, whatever else is in the call', async () => {
    const together = await modelOf('runner').generate(prompts([1, 2, 3]), SAMPLED)
    const [[alone] = []] = await modelOf('runner').generate([{ messages: ask(QUESTIONS[1] as string), seeds: [2] }], SAMPLED)
    expect(alone?.tokenIds).toEqual(together[1]?.[1]?.tokenIds)
    expect(together[1]?.[0]?.tokenIds).not.toEqual(together[1]?.[1]?.tokenIds)
  })

  test('createServerModel() of vLLM’s kind knows no log-probabilities at other temperatures', async () => {
    const [[one] = []] = await modelOf('vllm').generate([{ messages: ask('Hello'), seeds: [1] }], { ...SAMPLED, temperature: 0.7 })
    expect(one?.logProbs).toBe(null)
    expect(one?.tokenIds.length).toBeGreaterThan(0)
  })

  test('ServedModels serves an adapter whose answers and divergence are the embedded engine’s', async () => {
    const [adapter] = fixture.adapters
    const opened = await served.serve(adapter)
    const answers = await opened.model.generate(prompts([1]), GREEDY)
    expect(answers.flat().map(({ tokenIds }) => tokenIds)).toEqual(
      (await embedded(adapter.weights).generate(prompts([1]), GREEDY)).flat().map(({ tokenIds }) => tokenIds),
    )
    const sequences = answers.map(([answer], i) => {
      const prompt = fixture.tokenizer.renderChat(ask(QUESTIONS[i] as string), { addGenerationPrompt: true }).ids
      return { ids: Int32Array.from([...prompt, ...answer!.tokenIds]), promptLength: prompt.length }
    })
    const outputs = ['klFrom', 'logProb'] as const
    const expected = await fixture.engine.score({ weights: adapter.weights, sequences, outputs, reference: null })
    const [kl, scores] = [await opened.kl(sequences), await server.client.score(`base-${adapter.hash.slice(0, 16)}`, sequences)]
    expect(kl?.flat().length).toBe(expected.klFrom!.reduce((sum, row) => sum + row.length, 0))
    expect(largestDifference(kl ?? [], expected.klFrom ?? [])).toBeLessThan(1e-4)
    expect(Math.max(...(kl ?? []).flat())).toBeGreaterThan(0.01)
    expect(largestDifference(scores, expected.logProb ?? [])).toBeLessThan(1e-4)
    expect(opened.model.identity.adapter).toBe(adapter.hash)
    await opened.close()
  })

  test('ServedModels measures with the canary how near the served adapter is to the trained one', async () => {
    const opened = await served.serve(fixture.adapters[1])
    expect(opened.canary?.isTelling).toBe(true)
    expect(opened.canary?.difference).toBeLessThan(1e-4)
    expect(opened.canary?.baseDifference).toBeGreaterThan(0.01)
    await opened.close()
  })

  test('ServedModels refuses an adapter whose canary is another one’s, and takes it out again', async () => {
    const directory = join(fixture.directory, 'swapped')
    mkdirSync(directory)
    for (const file of ['adapter_config.json', 'adapter_model.safetensors'])
      copyFileSync(join(fixture.adapters[0].directory, file), join(directory, file))
    writeFileSync(join(directory, 'canary.json'), JSON.stringify(fixture.adapters[1].canary))
    await expect(served.serve({ directory, hash: 'f'.repeat(64) })).rejects.toMatchObject({ code: 'CANARY_DIFFERS' })
    expect(await server.client.models()).toEqual(['base'])
  })

  test('ServedModels refuses an adapter that was trained on another base', async () => {
    const directory = join(fixture.directory, 'other-base')
    mkdirSync(directory)
    const { canary, directory: original } = fixture.adapters[0]
    for (const file of ['adapter_config.json', 'adapter_model.safetensors']) copyFileSync(join(original, file), join(directory, file))
    writeFileSync(
      join(directory, 'canary.json'),
      JSON.stringify({ ...canary, baseLogProbs: canary.baseLogProbs.map((value) => value - 0.5) }),
    )
    await expect(served.serve({ directory, hash: 'e'.repeat(64) })).rejects.toThrow(/the base's log-probabilities differ by 0\.5 nats/)
  })

  test('ServedModels keeps an adapter as long as one of its users is open, and unloads it then', async () => {
    const [first, second] = await Promise.all([served.serve(fixture.adapters[0]), served.serve(fixture.adapters[0])])
    await first.close()
    await first.close()
    expect((await second.model.generate(prompts([1]), GREEDY)).length).toBe(3)
    await second.close()
    expect(await server.client.models()).toEqual(['base'])
    await expect(second.model.generate(prompts([1]), GREEDY)).rejects.toMatchObject({ code: 'SERVER_REFUSED', data: { status: 404 } })
  })

  test('createCompletionsClient() is refused with a wrong token', async () => {
    const options = fixture.serverOptions(python ?? '', 'server')
    const address = JSON.parse(new TextDecoder().decode(await fixture.host.readFrom(join(options.directory, 'address.json'), 0))) as {
      url: string
    }
    const stranger = createCompletionsClient({ url: address.url, token: 'guessed', timeoutMs: 10_000, retries: 2 })
    await expect(stranger.models()).rejects.toMatchObject({ code: 'SERVER_REFUSED', data: { status: 401 } })
  })
})

function largestDifference(left: readonly ArrayLike<number>[], right: readonly ArrayLike<number>[]): number {
  return Math.max(...left.flatMap((row, i) => Array.from(row, (value, t) => Math.abs(value - (right[i]?.[t] ?? Infinity)))))
}
