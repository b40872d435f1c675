import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { readPeftAdapter } from '../../../src/engine/adapter/read-peft-adapter.ts'
import { openModelDirectory } from '../../../src/engine/checkpoint/model-directory.ts'
import { openEngineCore } from '../../../src/engine/core.ts'

const FIXTURES = fileURLToPath(new URL('../fixtures', import.meta.url))
const PARTIAL = join(FIXTURES, 'partial-adapters')
const scratch = mkdtempSync(join(tmpdir(), 'holdfast-partial-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

const { config: BASE } = openModelDirectory(join(FIXTURES, 'llama-tied'))
/** One sequence, and its log-probabilities under PEFT. */
interface Expected {
  readonly ids: readonly number[]
  readonly logProbs: Readonly<Record<string, readonly number[]>>
}
const expected = JSON.parse(readFileSync(join(PARTIAL, 'expected.json'), 'utf8')) as Expected

let copies = 0
function failure(name: string, change: Record<string, unknown>): string {
  const directory = join(scratch, String(copies++))
  cpSync(join(PARTIAL, name), directory, { recursive: true })
  const path = join(directory, 'adapter_config.json')
  writeFileSync(path, JSON.stringify({ ...(JSON.parse(readFileSync(path, 'utf8')) as object), ...change }))
  try {
    readPeftAdapter(directory, BASE)
  } catch (error) {
    return (error as Error).message.replaceAll(directory, '<adapter>')
  }
  return 'none'
}

test.each(Object.keys(expected.logProbs))('readPeftAdapter() reads the partial adapter "%s" as PEFT does', async (name) => {
  const engine = openEngineCore(join(FIXTURES, 'llama-tied'), { threads: 1 })
  try {
    const sequences = [{ ids: Int32Array.from(expected.ids), promptLength: 1 }]
    const { logProb } = await engine.score({ weights: await engine.loadAdapter(join(PARTIAL, name)), sequences, outputs: ['logProb'] })
    const base = await engine.score({ weights: null, sequences, outputs: ['logProb'] })
    const wanted = expected.logProbs[name] as readonly number[]
    const distance = (values: ArrayLike<number>): number => Math.max(...wanted.map((value, at) => Math.abs(value - (values[at] as number))))
    expect(distance(logProb?.[0] as Float32Array)).toBeLessThan(1e-4)
    expect(distance(base.logProb?.[0] as Float32Array)).toBeGreaterThan(1e-2)
  } finally {
    await engine.close()
  }
})

test('readPeftAdapter() fills layers that are not adapted with zeros', () => {
  const { rank, alpha, targets, pairs } = readPeftAdapter(join(PARTIAL, 'regex'), BASE)
  expect([rank, alpha, targets]).toEqual([4, 8, ['q_proj', 'v_proj']])
  expect([...pairs].map(([name, { a, b }]) => [name, a.some((one) => one !== 0), b.some((one) => one !== 0)])).toEqual([
    ['model.layers.0.self_attn.q_proj', true, true],
    ['model.layers.1.self_attn.q_proj', false, false],
    ['model.layers.0.self_attn.v_proj', true, true],
    ['model.layers.1.self_attn.v_proj', false, false],
  ])
})

test('readPeftAdapter() gives layers of other ranks the largest one, without loss', () => {
  const { rank, pairs } = readPeftAdapter(join(PARTIAL, 'patterns'), BASE)
  expect(rank).toBe(6)
  expect([...pairs.values()].every(({ a, b }) => a.length % 6 === 0 && b.length % 6 === 0)).toBe(true)
})

test.each([
  [
    'regex',
    { target_modules: '(.*)+(.*)+(.*)+(.*)+(.*)+(.*)+(.*)+(.*)+x' },
    'a regular expression for its layers that does not come to an end',
  ],
  ['regex', { target_modules: '(?i)q_proj' }, 'a regular expression for its layers that cannot be read here'],
  ['patterns', { alpha_pattern: { '(?<=a': 1 } }, 'a regular expression for its layers that cannot be read here'],
])('readPeftAdapter() refuses %s with %j', (name, change, problem) => {
  expect(failure(name, change)).toContain(`ADAPTER_UNSUPPORTED  The adapter uses ${problem}`)
})

test('readPeftAdapter() refuses matrices that the configuration leaves out, and says which it lacks', () => {
  expect(failure('layers', { layers_to_transform: null })).toContain(
    'ADAPTER_INVALID  Tensor "base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight" is missing',
  )
  expect(failure('layers', { layers_pattern: 'h' })).toMatchInlineSnapshot(`
    "ADAPTER_INVALID  The file adapts "model.layers.1.mlp.down_proj", which target_modules, exclude_modules or layers_to_transform of adapter_config.json leave out
      where  <adapter>/adapter_model.safetensors
      fix    point to a directory with adapter_config.json and adapter_model.safetensors, both as PEFT wrote them"
  `)
})

test('readPeftAdapter() trusts the file where the configuration names no layers', () => {
  expect(failure('layers', { target_modules: null })).toBe('none')
})
