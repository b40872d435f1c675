/** @file What every implementation of `Engine` must do, whatever thread it computes in. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import type { EngineOptions } from '../../src/engine/core.ts'
import type { Device } from '../../src/engine/session.ts'
import type { Engine, GenerateRequest, StepSettings, TokenSampling, TokenSequence, WeightsId } from '../../src/engine/engine.ts'

type Open = (directory: string, options: EngineOptions) => Promise<Engine> | Engine

const FIXTURES = fileURLToPath(new URL('../engine/fixtures', import.meta.url))
const GREEDY: TokenSampling = { temperature: 0, topK: 0, topP: 1, maxNewTokens: 24 }
const SAMPLED: TokenSampling = { temperature: 0.9, topK: 0, topP: 1, maxNewTokens: 16 }
const STEP: StepSettings = {
  optimizer: 'adamw',
  learningRate: 0.01,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  weightDecay: 0,
  maxGradientNorm: 1,
}
const LORA = { rank: 4, alpha: 8, targets: ['q_proj', 'v_proj', 'down_proj'], seed: 3 } as const
const SEQUENCE: TokenSequence = { ids: Int32Array.of(1, 5, 9, 30, 7, 8, 2), promptLength: 3 }
const PROMPTS = [
  { ids: Int32Array.of(1, 5, 9, 30, 7), seeds: [1, 2, 3] },
  { ids: Int32Array.of(1), seeds: [4] },
  { ids: Int32Array.of(1, 40, 41, 42, 43, 44, 45), seeds: [5, 6] },
]

/** Greedy completions by transformers. */
interface Reference {
  readonly prompts: readonly (readonly number[])[]
  readonly base: readonly (readonly number[])[]
  readonly adapter: readonly (readonly number[])[]
}

export function engineContract(name: string, open: Open, device: Device = 'cpu'): void {
  describe(`${name} (engine contract)`, () => {
    const opened: Engine[] = []
    const scratch = mkdtempSync(join(tmpdir(), 'holdfast-engine-'))
    const engineOf = async (variant = 'llama-tied'): Promise<Engine> => {
      const engine = await open(join(FIXTURES, variant), { threads: 1, device })
      opened.push(engine)
      return engine
    }
    const completions = async (engine: Engine, weights: WeightsId | null, change: Partial<GenerateRequest> = {}): Promise<number[][]> => {
      const result = await engine.generate({ weights, prompts: PROMPTS, sampling: SAMPLED, ...change })
      return result.flat().map((one) => [...one.ids])
    }
    const trainOnce = async (engine: Engine, weights: WeightsId): Promise<void> => {
      await engine.backward({ weights, sequences: [SEQUENCE], gradients: { logProb: [Float32Array.of(-1, -1, -1, -1)] } })
      await engine.step(weights, STEP)
    }
    const scoreOf = async (engine: Engine, weights: WeightsId | null): Promise<number> => {
      const { logProb } = await engine.score({ weights, sequences: [SEQUENCE], outputs: ['logProb'] })
      return (logProb?.[0] ?? new Float32Array()).reduce((sum, one) => sum + one, 0)
    }
    afterEach(async () => {
      for (const engine of opened.splice(0)) await engine.close()
    })
    afterAll(() => rmSync(scratch, { recursive: true, force: true }))

    test('describes the model that it loaded', async () => {
      const { runtime, hash, ...rest } = (await engineOf()).model
      expect(rest).toEqual({
        architecture: 'llama',
        vocabSize: 48,
        hiddenSize: 24,
        layerCount: 2,
        parameterCount: 10_488,
        maxPositions: 64,
        stopIds: [2],
        device,
      })
      expect(hash).toMatch(/^[0-9a-f]{64}$/)
      expect(runtime).toMatch(new RegExp(`^holdfast \\d+\\.\\d+\\.\\d+, onnxruntime-node 1\\.\\d+\\.\\d+, ${device}, 1 threads, .`))
    })

    test.each(['llama-tied', 'llama-untied', 'llama-biased', 'qwen2', 'qwen3'])(
      'generate() gives the greedy text of transformers and PEFT for %s',
      async (variant) => {
        const reference = JSON.parse(readFileSync(join(FIXTURES, variant, 'greedy.json'), 'utf8')) as Reference
        const engine = await engineOf(variant)
        const prompts = reference.prompts.map((ids) => ({ ids: Int32Array.from(ids), seeds: [0] }))
        expect(await completions(engine, null, { prompts, sampling: GREEDY })).toEqual(reference.base)
        const adapter = await engine.loadAdapter(join(FIXTURES, variant, 'adapter'))
        expect(await completions(engine, adapter, { prompts, sampling: GREEDY })).toEqual(reference.adapter)
        const full = await engine.createFull()
        expect(await completions(engine, full, { prompts, sampling: GREEDY })).toEqual(reference.base)
      },
    )

    test('generate() gives the same bits for the same request', async () => {
      const engine = await engineOf()
      const request: GenerateRequest = { weights: null, prompts: PROMPTS, sampling: SAMPLED }
      expect(await engine.generate(request)).toEqual(await engine.generate(request))
    })

    test('generate() gives log-probabilities that score() confirms', async () => {
      const engine = await engineOf()
      const [group] = await engine.generate({ weights: null, prompts: PROMPTS.slice(0, 1), sampling: SAMPLED })
      const prompt = PROMPTS[0]?.ids ?? new Int32Array()
      const sequences = (group ?? []).map(({ ids }) => ({ ids: Int32Array.from([...prompt, ...ids]), promptLength: prompt.length }))
      const { logProb } = await engine.score({ weights: null, sequences, outputs: ['logProb'], temperature: SAMPLED.temperature })
      expect(sequences).toHaveLength(3)
      for (const [row, one] of (group ?? []).entries()) {
        for (const [i, value] of one.logProbs.entries()) expect(value).toBeCloseTo(logProb?.[row]?.[i] as number, 4)
      }
    })

    test('generate() reports its progress up to the end', async () => {
      const seen: number[] = []
      const engine = await engineOf()
      await engine.generate({ weights: null, prompts: PROMPTS, sampling: SAMPLED }, ({ done, total }) => seen.push(done / total))
      expect(seen.at(-1)).toBe(1)
    })

    test('backward() and step() make the trained completion more probable and leave the base alone', async () => {
      const engine = await engineOf()
      const before = await scoreOf(engine, null)
      for (const weights of [await engine.createLora(LORA), await engine.createFull()]) {
        expect(await scoreOf(engine, weights)).toBeCloseTo(before, 4)
        for (let i = 0; i < 3; i++) await trainOnce(engine, weights)
        expect(await scoreOf(engine, weights)).toBeGreaterThan(before + 0.1)
      }
      expect(await scoreOf(engine, null)).toBe(before)
    })

    test('a call sees every earlier one even when neither is awaited', async () => {
      const engine = await engineOf()
      const weights = await engine.createLora(LORA)
      const first = scoreOf(engine, weights)
      const training = trainOnce(engine, weights)
      await training
      const last = scoreOf(engine, weights)
      expect(await last).toBeGreaterThan(await first)
    })

    test('saveAdapter() writes what loadAdapter() reads, with equal bytes for equal weights', async () => {
      const engine = await engineOf()
      const weights = await engine.createLora(LORA)
      await trainOnce(engine, weights)
      const [first, second] = [join(scratch, 'adapter-1'), join(scratch, 'adapter-2')]
      await engine.saveAdapter(weights, first, { baseModelName: 'base' })
      const loaded = await engine.loadAdapter(first)
      await engine.saveAdapter(loaded, second, { baseModelName: 'base' })
      for (const file of ['adapter_config.json', 'adapter_model.safetensors']) {
        expect(readFileSync(join(second, file))).toEqual(readFileSync(join(first, file)))
      }
      expect(await scoreOf(engine, loaded)).toBe(await scoreOf(engine, weights))
    })

    test('saveModel() writes a model that gives the merged weights', async () => {
      const engine = await engineOf()
      const weights = await engine.createLora(LORA)
      for (let i = 0; i < 3; i++) await trainOnce(engine, weights)
      const directory = join(scratch, 'merged')
      await engine.saveModel(weights, directory)
      const merged = await open(directory, { threads: 1, device })
      opened.push(merged)
      // Weights were rounded to float16 on the way.
      expect(await scoreOf(merged, null)).toBeCloseTo(await scoreOf(engine, weights), 2)
      expect(merged.model.hash).not.toBe(engine.model.hash)
    })

    test('loadOptimizer() lets a stopped training go on with the same bits', async () => {
      const engine = await engineOf()
      const undisturbed = await engine.createLora(LORA)
      await trainOnce(engine, undisturbed)
      await engine.saveAdapter(undisturbed, join(scratch, 'stopped'))
      await engine.saveOptimizer(undisturbed, join(scratch, 'stopped', 'optimizer.safetensors'))
      await trainOnce(engine, undisturbed)
      const resumed = await engine.loadAdapter(join(scratch, 'stopped'))
      await engine.loadOptimizer(resumed, join(scratch, 'stopped', 'optimizer.safetensors'))
      await trainOnce(engine, resumed)
      expect(await scoreOf(engine, resumed)).toBe(await scoreOf(engine, undisturbed))
    })

    test('errors have a code, a place and a remedy', async () => {
      const engine = await engineOf()
      const expected = { code: 'ENGINE_REQUEST', where: 'prompts[0]', fix: 'begin every prompt with at least one token' }
      await expect(completions(engine, null, { prompts: [{ ids: new Int32Array(), seeds: [1] }] })).rejects.toMatchObject(expected)
      const weights = await engine.createFull()
      await engine.release(weights)
      await expect(scoreOf(engine, weights)).rejects.toMatchObject({ code: 'ENGINE_REQUEST', where: 'weights' })
      await expect(Promise.resolve().then(() => open(join(FIXTURES, 'nowhere'), {}))).rejects.toMatchObject({ code: 'MODEL_FILE_MISSING' })
    })

    test('close() lets earlier calls finish and refuses later ones', async () => {
      const engine = await engineOf()
      const pending = completions(engine, null)
      const closing = engine.close()
      expect(await pending).toHaveLength(6)
      await closing
      await engine.close()
      await expect(scoreOf(engine, null)).rejects.toMatchObject({ code: 'ENGINE_CLOSED' })
    })
  })
}
