/**
 * @file The runner's loading and sampling, judged by the embedded engine and by exact probabilities.
 */
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openEngine } from '../../../src/engine/client.ts'
import type { Engine } from '../../../src/engine/engine.ts'
import { findTrainerPython } from '../trainer-python.ts'

const python = await findTrainerPython()
const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url))
const BASE = path('../../engine/fixtures/llama-tied')
const PROMPTS = [
  [1, 5, 6, 7, 30],
  [1, 9],
  [1, 40, 41, 3, 8, 20, 11, 12, 45],
]

type Drawn = readonly [ids: readonly number[], logProbs: readonly number[], finish: string]
type Groups = readonly (readonly Drawn[])[]
type Rows = readonly (readonly number[])[]

interface Probe {
  readonly sampling: Readonly<Record<'greedy' | 'together' | 'again' | 'smallBatches' | 'alone' | 'noSeeds', Groups>> &
    Readonly<Record<'exact' | 'exactWarm' | 'plain' | 'warm' | 'topK' | 'topP' | 'both', readonly number[]>> & { readonly progress: Rows }
  readonly adapters: Readonly<Record<'scores' | 'baseScores' | 'kl' | 'mergedScores' | 'afterMerge', Rows>> & {
    readonly mergedNames: readonly string[]
    readonly trainableOfFixed: number
    readonly trainable: readonly string[]
  }
  readonly refusals: readonly string[]
}

describe.skipIf(python === null)('the runner’s loading and sampling', () => {
  const out = mkdtempSync(join(tmpdir(), 'holdfast-sampling-'))
  let engine: Engine
  let probe: Probe

  beforeAll(async () => {
    engine = await openEngine(BASE, { threads: 1 })
    const env = { ...process.env, PYTHONPATH: path('../../../src/python/runner'), HF_HUB_OFFLINE: '1', PYTHONDONTWRITEBYTECODE: '1' }
    const run = promisify(execFile)
    const { stdout } = await run(python ?? '', [path('sampling_probe.py'), BASE, out, JSON.stringify(PROMPTS)], { env, maxBuffer: 2 ** 26 })
    probe = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Probe
  })
  afterAll(async () => {
    await engine.close()
    rmSync(out, { recursive: true, force: true })
  })

  test('sample() at temperature 0 gives the embedded engine’s tokens and log-probabilities, for every seed', async () => {
    const sampling = { temperature: 0, topK: 0, topP: 1, maxNewTokens: 12 }
    const prompts = PROMPTS.map((ids) => ({ ids: Int32Array.from(ids), seeds: [1, 2] }))
    const expected = await engine.generate({ weights: null, prompts, sampling })
    const { greedy } = probe.sampling
    expect(greedy.map((group) => group.map(([ids]) => ids))).toEqual(expected.map((group) => group.map(({ ids }) => [...ids])))
    expect(greedy.flat().map(([, , finish]) => finish)).toEqual(expected.flat().map(({ finish }) => finish))
    expect(
      largestDifference(
        greedy.flat().map(([, logProbs]) => logProbs),
        expected.flat().map(({ logProbs }) => logProbs),
      ),
    ).toBeLessThan(1e-4)
  })

  test('sample() gives equal bytes for equal calls', () => {
    expect(probe.sampling.again).toEqual(probe.sampling.together)
  })

  test('sample() draws a row from its own seed, whatever its batch holds', () => {
    const tokens = (groups: Groups): Rows => groups.flat().map(([ids]) => ids)
    const { together, smallBatches, alone, noSeeds } = probe.sampling
    expect(tokens(smallBatches)).toEqual(tokens(together))
    expect(tokens(alone)).toEqual([together[1]?.[2]?.[0]])
    expect(new Set(tokens(together).map(String)).size).toBe(9)
    expect(noSeeds).toEqual([[], [], []])
  })

  test('sample() ends a row at its stop token and keeps the token, or at the limit', () => {
    const finishes = probe.sampling.together.flat().map(([ids, logProbs, finish]) => {
      expect(ids.indexOf(2)).toBe(finish === 'stop' ? ids.length - 1 : -1)
      expect(logProbs.length).toBe(ids.length)
      expect(finish === 'stop' || ids.length === 12).toBe(true)
      return finish
    })
    expect(new Set(finishes)).toEqual(new Set(['stop', 'length']))
  })

  test('sample() reports progress up to the whole', () => {
    const tokens = probe.sampling.together.flat().reduce((sum, [ids]) => sum + ids.length, 0)
    expect(probe.sampling.progress.at(-1)).toEqual([9, 9, tokens])
    expect(probe.sampling.progress.length).toBeGreaterThan(5)
  })

  test('sample() draws each token as often as its probability says, at any temperature', () => {
    expect(chiSquared(probe.sampling.plain, probe.sampling.exact)).toBeLessThan(85)
    expect(chiSquared(probe.sampling.warm, probe.sampling.exactWarm)).toBeLessThan(85)
    expect(chiSquared(probe.sampling.warm, probe.sampling.exact)).toBeGreaterThan(200)
  })

  test('sample() with top_k keeps the k most probable tokens in proportion', () => {
    expect(chiSquared(probe.sampling.topK, kept(probe.sampling.exact, 3, 1))).toBeLessThan(15)
  })

  test('sample() with top_p keeps the fewest tokens that hold the share, counted in what top_k left', () => {
    expect(chiSquared(probe.sampling.topP, kept(probe.sampling.exact, 48, 0.6))).toBeLessThan(30)
    expect(chiSquared(probe.sampling.both, kept(probe.sampling.exact, 4, 0.6))).toBeLessThan(15)
  })

  test('export_adapter() writes two files that the embedded engine computes the same with', async () => {
    expect(readdirSync(join(out, 'eight')).toSorted()).toEqual(['adapter_config.json', 'adapter_model.safetensors'])
    expect(readdirSync(join(out, 'seven')).toSorted()).toEqual(['adapter_config.json', 'adapter_model.safetensors', 'canary.json'])
    expect(statSync(join(out, 'seven', 'adapter_model.safetensors')).mode & 0o777).toBe(0o644)
    const config = JSON.parse(readFileSync(join(out, 'seven', 'adapter_config.json'), 'utf8')) as Record<string, unknown>
    expect(config).toMatchObject({ target_modules: ['down_proj', 'q_proj', 'v_proj'], base_model_name_or_path: 'the-base', r: 3 })
    const weights = await engine.loadAdapter(join(out, 'seven'))
    const sequences = PROMPTS.map((ids) => ({ ids: Int32Array.from(ids), promptLength: 1 }))
    const { logProb, klFrom } = await engine.score({ weights, sequences, outputs: ['logProb', 'klFrom'], reference: null })
    expect(largestDifference(probe.adapters.scores, logProb ?? [])).toBeLessThan(1e-4)
    expect(largestDifference(probe.adapters.kl, klFrom ?? [])).toBeLessThan(1e-4)
    expect(Math.max(...probe.adapters.kl.flat())).toBeGreaterThan(0.01)
  })

  test('new_adapter() gives equal bytes for equal seeds, and starts as the base', () => {
    const bytes = (name: string): string => readFileSync(join(out, name, 'adapter_model.safetensors')).toString('base64')
    const config = (name: string): string => readFileSync(join(out, name, 'adapter_config.json'), 'utf8')
    expect(bytes('seven-again')).toBe(bytes('seven-new'))
    expect(bytes('seven-again')).not.toBe(bytes('eight'))
    expect(config('seven-again')).toBe(config('eight'))
    expect(largestDifference(probe.adapters.afterMerge, probe.adapters.mergedScores)).toBeLessThan(1e-6)
  })

  test('merge_parent() gives the adapter’s numbers without an adapter', () => {
    expect(probe.adapters.mergedNames).toEqual([])
    expect(largestDifference(probe.adapters.mergedScores, probe.adapters.scores)).toBeLessThan(1e-4)
    expect(largestDifference(probe.adapters.mergedScores, probe.adapters.baseScores)).toBeGreaterThan(0.01)
  })

  test('load_parent() trains the adapter’s matrices only when asked', () => {
    expect(probe.adapters.trainableOfFixed).toBe(0)
    expect(probe.adapters.trainable).toEqual(['lora_A', 'lora_B'])
  })

  test('load_base() names a folder that is not there, and refuses 4-bit weights on the CPU', () => {
    expect(probe.refusals).toEqual([
      'There is no model folder /no/such/folder',
      '4-bit weights need a CUDA device; on the CPU use f32 or bf16',
    ])
  })
})

function largestDifference(left: Rows, right: readonly ArrayLike<number>[]): number {
  expect(left.map((row) => row.length)).toEqual(right.map((row) => row.length))
  return Math.max(...left.flatMap((row, i) => row.map((value, t) => Math.abs(value - (right[i]?.[t] as number)))))
}

/** Pearson's statistic of counts against log-probabilities; infinite for a token that has none and came all the same. */
function chiSquared(counts: readonly number[], logProbs: readonly number[]): number {
  const draws = counts.reduce((sum, count) => sum + count, 0)
  return counts.reduce((sum, count, token) => {
    const expected = draws * Math.exp(logProbs[token] as number)
    return sum + (expected === 0 ? (count === 0 ? 0 : Infinity) : (count - expected) ** 2 / expected)
  }, 0)
}

/** The log-probabilities that are left by top-k and then top-p. */
function kept(logProbs: readonly number[], topK: number, topP: number): readonly number[] {
  const order = logProbs
    .map((_, token) => token)
    .toSorted((a, b) => (logProbs[b] as number) - (logProbs[a] as number))
    .slice(0, topK)
  const mass = (tokens: readonly number[]): number => tokens.reduce((sum, token) => sum + Math.exp(logProbs[token] as number), 0)
  const count = order.findIndex((_, i) => mass(order.slice(0, i + 1)) >= topP * mass(order)) + 1
  const nucleus = new Set(order.slice(0, count === 0 ? order.length : count))
  const total = Math.log(mass([...nucleus]))
  return logProbs.map((value, token) => (nucleus.has(token) ? value - total : -Infinity))
}
