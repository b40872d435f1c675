import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { readPeftAdapter } from '../../../src/engine/adapter/read-peft-adapter.ts'
import { writePeftAdapter } from '../../../src/engine/adapter/write-peft-adapter.ts'
import { openModelDirectory } from '../../../src/engine/checkpoint/model-directory.ts'
import { readSafetensors, tensorToFloats, writeSafetensors } from '../../../src/engine/checkpoint/safetensors.ts'

const FIXTURE = fileURLToPath(new URL('../fixtures/llama-tied', import.meta.url))
const ADAPTER = join(FIXTURE, 'adapter')
const { config: BASE } = openModelDirectory(FIXTURE)
const scratch = mkdtempSync(join(tmpdir(), 'holdfast-adapter-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

let copies = 0
function copyOf(change: Record<string, unknown> = {}): string {
  const directory = join(scratch, String(copies++))
  cpSync(ADAPTER, directory, { recursive: true })
  const path = join(directory, 'adapter_config.json')
  writeFileSync(path, JSON.stringify({ ...(JSON.parse(readFileSync(path, 'utf8')) as object), ...change }))
  return directory
}
/** A copy whose tensors have other names; a name that becomes empty is left out. */
function renamed(rename: (name: string) => string): string {
  const directory = copyOf()
  const path = join(directory, 'adapter_model.safetensors')
  const file = readSafetensors(path)
  const tensors = [...file.tensors.values()].map(
    (one) => [rename(one.name), { shape: one.shape, values: tensorToFloats(file.bytes, one) }] as const,
  )
  writeSafetensors(path, new Map(tensors.filter(([name]) => name !== '')))
  return directory
}
function failure(directory: string, base = BASE): string {
  try {
    readPeftAdapter(directory, base)
  } catch (error) {
    return (error as Error).message.replaceAll(directory, '<adapter>')
  }
  return 'none'
}

test('writePeftAdapter() writes the tensors of PEFT under the names of PEFT', () => {
  const directory = join(scratch, 'written')
  writePeftAdapter(directory, readPeftAdapter(ADAPTER, BASE), 'base')
  const [ours, theirs] = [directory, ADAPTER].map((path) => readSafetensors(join(path, 'adapter_model.safetensors')))
  expect([...(ours?.tensors.keys() ?? [])].toSorted()).toEqual([...(theirs?.tensors.keys() ?? [])].toSorted())
  for (const [name, tensor] of theirs?.tensors ?? []) {
    const own = ours?.tensors.get(name)
    expect(own?.shape).toEqual(tensor.shape)
    if (ours && own && theirs) expect(tensorToFloats(ours.bytes, own)).toEqual(tensorToFloats(theirs.bytes, tensor))
  }
  const written = JSON.parse(readFileSync(join(directory, 'adapter_config.json'), 'utf8')) as Record<string, unknown>
  const original = JSON.parse(readFileSync(join(ADAPTER, 'adapter_config.json'), 'utf8')) as Record<string, unknown>
  for (const key of ['peft_type', 'task_type', 'r', 'lora_alpha', 'bias', 'use_dora', 'use_rslora', 'fan_in_fan_out', 'modules_to_save']) {
    expect([key, written[key]]).toEqual([key, original[key]])
  }
  expect(written['target_modules']).toEqual((original['target_modules'] as string[]).toSorted())
  expect(written['base_model_name_or_path']).toBe('base')
})

test('readPeftAdapter() scales a rank-stabilised adapter by alpha / √rank', () => {
  const plain = readPeftAdapter(ADAPTER, BASE)
  const stabilised = readPeftAdapter(copyOf({ use_rslora: true }), BASE)
  expect(stabilised.alpha / stabilised.rank).toBeCloseTo(plain.alpha / Math.sqrt(plain.rank), 12)
})

test.each([
  [{ use_dora: true }, 'DoRA'],
  [{ bias: 'lora_only' }, 'trained biases (bias: "lora_only")'],
  [{ modules_to_save: ['lm_head'] }, 'fully trained modules (modules_to_save)'],
  [{ init_lora_weights: 'pissa' }, 'an initialisation that changes the base (pissa)'],
  [{ init_lora_weights: 'pissa_niter_4' }, 'an initialisation that changes the base (pissa_niter_4)'],
  [{ init_lora_weights: 'olora' }, 'an initialisation that changes the base (olora)'],
  [{ init_lora_weights: 'OLoRA' }, 'an initialisation that changes the base (OLoRA)'],
  [{ init_lora_weights: 'corda' }, 'an initialisation that changes the base (corda)'],
  [{ init_lora_weights: 'loftq' }, 'an initialisation that changes the base (loftq)'],
  [{ init_lora_weights: 'lora_ga', lora_ga_config: { direction: 'ArB2r' } }, 'an initialisation that changes the base (lora_ga)'],
  [{ init_lora_weights: 'of_tomorrow' }, 'the initialisation "of_tomorrow", which may change the base'],
  [{ init_lora_weights: 7 }, 'the initialisation "7", which may change the base'],
  [{ kasa_config: { beta: 1 } }, 'KaSA (kasa_config)'],
  [{ use_of_tomorrow: true }, 'the setting "use_of_tomorrow", which is not known here'],
  [{ peft_type: 'IA3' }, 'the method "IA3"'],
])('readPeftAdapter() refuses %j', (change, name) => {
  expect(failure(copyOf(change))).toContain(`ADAPTER_UNSUPPORTED  The adapter uses ${name}; the engine supports`)
})

test('readPeftAdapter() accepts settings of newer versions that change nothing', () => {
  expect(failure(copyOf({ some_new_config: null, loftq_config: {}, qalora_group_size: 16, lora_dropout: 0.1 }))).toBe('none')
})

test.each([true, false, null, 'gaussian', 'eva', 'orthogonal', 'mica'])(
  'readPeftAdapter() accepts the initialisation %j, which leaves the base',
  (init) => {
    expect(failure(copyOf({ init_lora_weights: init, eva_config: { rho: 1 } }))).toBe('none')
  },
)

test('readPeftAdapter() says what is missing or does not fit', () => {
  const name = 'base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight'
  const failures = [
    failure(join(scratch, 'nowhere')),
    failure(copyOf({ r: 'x' })),
    failure(copyOf({ use_dora: true })),
    failure(renamed((one) => (one === name ? '' : one))),
    failure(renamed((one) => one.replace('layers.1.', 'layers.2.'))),
    failure(renamed((one) => (one === name ? 'base_model.model.lm_head.lora_A.weight' : one))),
    failure(copyOf({ r: 5 })),
    failure(ADAPTER, { ...BASE, hiddenSize: 32 }).replaceAll(ADAPTER, '<adapter>'),
  ]
  expect(failures.join('\n')).toMatchInlineSnapshot(`
    "ADAPTER_INVALID  The directory has no adapter_config.json
      where  <adapter>
      fix    point to a directory with adapter_config.json and adapter_model.safetensors, both as PEFT wrote them
    ADAPTER_INVALID  The adapter's configuration lacks r
      where  <adapter>/adapter_config.json
      fix    point to a directory with adapter_config.json and adapter_model.safetensors, both as PEFT wrote them
    ADAPTER_UNSUPPORTED  The adapter uses DoRA; the engine supports plain LoRA on the linear layers (rank-stabilised scaling included)
      where  <adapter>/adapter_config.json
      fix    train the adapter as plain LoRA, or merge it into its base with PEFT and load the merged model
    ADAPTER_INVALID  Tensor "base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight" is missing
      where  <adapter>/adapter_model.safetensors
      fix    point to a directory with adapter_config.json and adapter_model.safetensors, both as PEFT wrote them
    ADAPTER_MISMATCH  The adapter does not fit the base model: it adapts layer 2, the base has layers 0 to 1
      where  <adapter>/adapter_model.safetensors
      fix    load the adapter on the base model that it was trained on
    ADAPTER_UNSUPPORTED  The adapter uses the tensor "base_model.model.lm_head.lora_A.weight"; the engine supports plain LoRA on the linear layers (rank-stabilised scaling included)
      where  <adapter>/adapter_model.safetensors
      fix    train the adapter as plain LoRA, or merge it into its base with PEFT and load the merged model
    ADAPTER_MISMATCH  The adapter does not fit the base model: tensor "base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight" is [4, 24], rank 5 on this base needs [5, 24]
      where  <adapter>/adapter_model.safetensors
      fix    load the adapter on the base model that it was trained on
    ADAPTER_MISMATCH  The adapter does not fit the base model: tensor "base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight" is [4, 24], rank 4 on this base needs [4, 32]
      where  <adapter>/adapter_model.safetensors
      fix    load the adapter on the base model that it was trained on"
  `)
})
