import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { suiteHash } from '../../src/suite/suite-hash.ts'
import type { Suite } from '../../src/suite/checked-suite.ts'
import type { TrainerOptions } from '../../src/trainer/drivers.ts'
import { embedded } from '../../src/trainer/embedded/driver.ts'
import { trl, type TrlOptions } from '../../src/trainer/trl/driver.ts'
import { checkSmall, SFT, smallEval } from './small-suite.ts'

const parts = { base: 'b', evals: {} }

test('suiteHash() passes over the description and the place of the file', async () => {
  const suite = await checkSmall()
  const hash = suiteHash(suite, parts)
  expect(hash).toMatch(/^[0-9a-f]{16}$/)
  expect(suiteHash({ ...suite, description: 'other', file: 'elsewhere.ts' }, parts)).toBe(hash)
})

test('suiteHash() changes with everything that decides a verdict', async () => {
  const suites: Suite[] = [
    await checkSmall(),
    await checkSmall({ gate: { margin: 0.06 } }),
    await checkSmall({ gate: { alpha: 0.01 } }),
    await checkSmall({ retention: [{ eval: smallEval('kept'), blocking: false }] }),
    await checkSmall({ retention: [smallEval('kept', { graded: true })] }),
    await checkSmall({ retention: [smallEval('kept', { expectedFlips: 0.2 })] }),
    await checkSmall({ arms: [{ name: 'sft', role: 'candidate', method: { ...SFT, steps: 11 } }] }),
    await checkSmall({ features: [smallEval('triage'), smallEval('refill')] }),
    await checkSmall({ seed: 1 }),
    await checkSmall({ budgets: { same: {} } }, { budget: 'same' }),
  ]
  const hashes = suites.map((suite) => suiteHash(suite, parts))
  expect(new Set(hashes).size).toBe(suites.length)
  const other = { base: 'b', evals: { kept: { cases: 'changed', graders: 'g' } } }
  expect(suiteHash(suites[0] as Suite, other)).not.toBe(hashes[0])
})

test('suiteHash() changes with every option of trl() that changes how it computes, and with none that says where', async () => {
  const config = join(mkdtempSync(join(tmpdir(), 'holdfast-accelerate-')), 'accelerate.yaml')
  const hashOf = async (options: TrlOptions): Promise<string> => suiteHash(await checkSmall({ trainer: trl(options) }), parts)
  const plain = await hashOf({})
  const computing: readonly TrlOptions[] = [
    ...([{ precision: 'f32' }, { evaluation: 'runner' }, { start: 'merge' }, { vllm: true }] as const),
    ...[{ gradientCheckpointing: true }, { microBatchSize: 2 }, { options: { a: 1 } }, { accelerate: config }],
  ]
  const hashes = await Promise.all(computing.map(hashOf))
  expect(new Set([plain, ...hashes]).size).toBe(computing.length + 1)
  writeFileSync(config, 'num_processes: 4')
  expect(hashes).not.toContain(await hashOf({ accelerate: config }))
  const places: readonly TrlOptions[] = [
    { host: 'ssh://gpu1' },
    { python: '/usr/bin/python3' },
    { device: 'cpu' },
    { threads: 2 },
    { devices: ['cuda:0'] },
    { controls: true },
  ]
  for (const where of places) expect(await hashOf(where)).toBe(plain)
})

test('suiteHash() gives the suites of earlier runs the hash that their records rest on', async () => {
  const hashOf = async (trainer?: TrainerOptions): Promise<string> =>
    suiteHash(await checkSmall(trainer === undefined ? {} : { trainer }), parts)
  const options = { precision: 'bf16', evaluation: 'vllm', start: 'merge', vllm: true, microBatchSize: 2, options: { a: 1 } } as const
  expect(await Promise.all([hashOf(), hashOf(embedded()), hashOf(trl()), hashOf(trl({ ...options, controls: true }))]))
    .toMatchInlineSnapshot(`
    [
      "081a9ec9ba7d40d8",
      "081a9ec9ba7d40d8",
      "f57ddd56c0c2115e",
      "f31f080cecdffc53",
    ]
  `)
})
