import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isHoldfastError } from '../../src/base/errors.ts'
import { seededRandom } from '../../src/base/seeded-random.ts'
import { writePeftAdapter } from '../../src/engine/adapter/write-peft-adapter.ts'
import { linearName, linearShape } from '../../src/engine/architecture/llama-config.ts'
import { describeWeights } from '../../src/engine/checkpoint/describe-weights.ts'
import { parseModelConfig } from '../../src/engine/checkpoint/model-config.ts'
import { openTokenizer } from '../../src/engine/tokenizer/tokenizer.ts'
import { identifyAdapter, identifyDecoding, type ModelIdentity } from '../../src/identity/identify-model.ts'
import { openModel } from '../../src/model/open-model.ts'
import { writeTinyModel } from '../model/tiny-model.ts'

const PEFT_CONFIG = fileURLToPath(new URL('../engine/fixtures/llama-tied/adapter/adapter_config.json', import.meta.url))
const scratch = mkdtempSync(join(tmpdir(), 'holdfast-identity-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

const MODEL = join(scratch, 'model')
beforeAll(() => {
  writeTinyModel(MODEL)
  const write = (name: string, text: string): void => writeFileSync(join(MODEL, name), text)
  write('special_tokens_map.json', JSON.stringify({ bos_token: '<bos>', eos_token: { content: '<eos>' } }))
  write('added_tokens.json', JSON.stringify({ '<pad>': 0 }))
  write('chat_template.json', JSON.stringify({ chat_template: 'x' }))
  write('README.md', 'A model.')
  write('training_args.bin', 'arguments')
  mkdirSync(join(MODEL, 'additional_chat_templates'))
  write('additional_chat_templates/tool_use.jinja', '{{ messages[0].content }}')
})

const ADAPTER = join(scratch, 'adapter')
beforeAll(() => {
  const configPath = join(MODEL, 'config.json')
  const base = parseModelConfig(configPath, JSON.parse(readFileSync(configPath, 'utf8')) as Record<string, unknown>)
  const random = seededRandom(1, 'adapter')
  const matrix = (size: number): Float32Array => Float32Array.from({ length: size }, () => random.normal())
  const pairs = Array.from({ length: base.layerCount }, (_, layer) => {
    const [outputs, inputs] = linearShape(base, 'q_proj')
    return [linearName('q_proj', layer), { a: matrix(4 * inputs), b: matrix(outputs * 4) }] as const
  })
  writePeftAdapter(ADAPTER, { rank: 4, alpha: 8, targets: ['q_proj'], pairs: new Map(pairs) })
  // Every setting that PEFT itself writes.
  const path = join(ADAPTER, 'adapter_config.json')
  const [own, written] = [path, PEFT_CONFIG].map((file) => JSON.parse(readFileSync(file, 'utf8')) as object)
  writeFileSync(path, JSON.stringify({ ...written, ...own }))
  writeFileSync(join(ADAPTER, 'README.md'), 'An adapter.')
})

/** Every file below a directory, by its path inside. */
function filesBelow(directory: string, inside = directory): readonly string[] {
  return readdirSync(inside).flatMap((name) => {
    const path = join(inside, name)
    return statSync(path).isDirectory() ? filesBelow(directory, path) : [relative(directory, path)]
  })
}

/** Another value of the same kind. */
function otherValue(value: unknown): unknown {
  if (typeof value === 'boolean') return !value
  if (typeof value === 'number') return value === 0 ? 1 : value / 2
  if (typeof value === 'string') return `${value}x`
  if (Array.isArray(value)) return value.length === 0 ? ['x'] : value.slice(1)
  return value === null ? 1 : { ...(value as object), x: 1 }
}

interface Change {
  readonly what: string
  readonly make: (directory: string) => void
}

/** Each setting of a JSON file changed, and one that was not there; each other file by one byte in its middle, and by its absence. */
function changesOf(directory: string): readonly Change[] {
  return filesBelow(directory).flatMap((file): Change[] => {
    const gone = { what: `${file} removed`, make: (copy: string) => rmSync(join(copy, file)) }
    if (!file.endsWith('.json') || statSync(join(directory, file)).size > 20_000)
      return [gone, { what: file, make: (copy) => flip(join(copy, file)) }]
    const settings = JSON.parse(readFileSync(join(directory, file), 'utf8')) as Record<string, unknown>
    const write = (copy: string, changed: object): void => writeFileSync(join(copy, file), JSON.stringify(changed))
    const edits = Object.entries(settings).map(([name, value]) => ({
      what: `${file}: ${name}`,
      make: (copy: string) => write(copy, { ...settings, [name]: otherValue(value) }),
    }))
    return [gone, ...edits, { what: `${file}: a setting more`, make: (copy) => write(copy, { ...settings, one_more: true }) }]
  })
}

function flip(path: string): void {
  const bytes = readFileSync(path)
  const place = Math.floor(bytes.length / 2)
  bytes[place] = (bytes[place] ?? 0) ^ 1
  writeFileSync(path, bytes)
}

let copies = 0
function changed(original: string, { make }: Change): string {
  const copy = join(scratch, `copy-${copies++}`)
  cpSync(original, copy, { recursive: true })
  make(copy)
  return copy
}

/** What a model answers, log-probabilities included; the code of the refusal where it cannot be opened. */
async function answersOf(reference: string, base?: string, cache: 'auto' | 'off' = 'off'): Promise<string> {
  try {
    const opened = await openModel(reference, { cache, threads: 1, base })
    try {
      const messages = [{ role: 'user' as const, content: 'Which day is it?' }]
      const drawn = await opened.model.generate([{ messages, seeds: [1, 2] }], { temperature: 1, topK: 0, topP: 1, maxNewTokens: 8 })
      return JSON.stringify(drawn)
    } finally {
      await opened.close()
    }
  } catch (error) {
    return isHoldfastError(error) ? `refused: ${error.code}` : `broke: ${String(error)}`
  }
}

describe('identity of a model directory', () => {
  const identityOf = async (directory: string): Promise<string> => {
    try {
      return `${(await describeWeights(directory)).hash} ${openTokenizer(directory).hash}`
    } catch (error) {
      return isHoldfastError(error) ? `refused: ${error.code}` : `broke: ${String(error)}`
    }
  }

  it('changes with every file and every setting that can change a completion', async () => {
    const before = { identity: await identityOf(MODEL), answers: await answersOf(MODEL) }
    const changes = changesOf(MODEL)
    expect(changes.length).toBeGreaterThan(50)
    const same: string[] = []
    const unseen: string[] = []
    for (const change of changes) {
      const copy = changed(MODEL, change)
      if ((await identityOf(copy)) === before.identity) {
        same.push(change.what)
        if ((await answersOf(copy)) !== before.answers) unseen.push(change.what)
      }
      rmSync(copy, { recursive: true })
    }
    expect(unseen).toEqual([])
    // What no model reads: all else counts.
    expect(same.toSorted()).toEqual(['README.md', 'README.md removed', 'training_args.bin', 'training_args.bin removed'])
  })

  it('is the one that openModel() gives to caches and records', async () => {
    const opened = await openModel(MODEL, { cache: 'off', threads: 1 })
    const { base, tokenizer, stopIds, adapter } = opened.model.identity
    await opened.close()
    expect(`${base} ${tokenizer}`).toBe(await identityOf(MODEL))
    expect([stopIds, adapter]).toEqual([[2], null])
  })

  it('tells thinking from not thinking', () => {
    const hashes = (['on', 'off', null] as const).map((thinking) => openTokenizer(MODEL, { thinking }).hash)
    expect(new Set(hashes).size).toBe(3)
  })
})

describe('identifyAdapter()', () => {
  it('changes with every file and every setting that can change a completion', async () => {
    const before = { identity: await identifyAdapter(ADAPTER), answers: await answersOf(ADAPTER, MODEL) }
    expect(before.answers).toContain('logProbs')
    const changes = changesOf(ADAPTER)
    expect(changes.length).toBeGreaterThan(40)
    const same: string[] = []
    const unseen: string[] = []
    for (const change of changes) {
      const copy = changed(ADAPTER, change)
      if ((await identifyAdapter(copy)) === before.identity) {
        same.push(change.what)
        if ((await answersOf(copy, MODEL)) !== before.answers) unseen.push(change.what)
      }
      rmSync(copy, { recursive: true })
    }
    expect(unseen).toEqual([])
    const settings = ['auto_mapping', 'base_model_name_or_path', 'inference_mode', 'lora_dropout', 'peft_version', 'revision', 'task_type']
    expect(same.toSorted()).toEqual(['README.md', 'README.md removed', ...settings.map((name) => `adapter_config.json: ${name}`)])
  })

  it('tells equal matrices at another scale apart, and not the same adapter for another place of its base', async () => {
    const edit = (settings: object): string =>
      changed(ADAPTER, {
        what: '',
        make: (copy) => {
          const path = join(copy, 'adapter_config.json')
          writeFileSync(path, JSON.stringify({ ...(JSON.parse(readFileSync(path, 'utf8')) as object), ...settings }))
        },
      })
    const [moved, scaled] = [edit({ base_model_name_or_path: '/elsewhere' }), edit({ lora_alpha: 0.001 })]
    expect(await identifyAdapter(moved)).toBe(await identifyAdapter(ADAPTER))
    expect(await identifyAdapter(scaled)).not.toBe(await identifyAdapter(ADAPTER))
    expect(await answersOf(scaled, MODEL)).not.toBe(await answersOf(ADAPTER, MODEL))
  })
})

describe('openModel() with its cache', () => {
  it('answers for another scale of an adapter, other stop tokens and another template as if nothing were kept', async () => {
    const edited = (original: string, file: string, edit: (text: string) => string): string =>
      changed(original, { what: '', make: (copy) => writeFileSync(join(copy, file), edit(readFileSync(join(copy, file), 'utf8'))) })
    const pairs: readonly (readonly [string, string | undefined])[] = [
      [ADAPTER, MODEL],
      [edited(ADAPTER, 'adapter_config.json', (text) => text.replace('"lora_alpha":8', '"lora_alpha":0.01')), MODEL],
      [MODEL, undefined],
      [
        edited(MODEL, 'generation_config.json', (text) => text.replace(/"eos_token_id": ?\d+/, '"eos_token_id": [2, 700, 900, 1100]')),
        undefined,
      ],
      [edited(MODEL, 'chat_template.jinja', (text) => `Other words. ${text}`), undefined],
    ]
    const plain: string[] = []
    for (const [reference, base] of pairs) plain.push(await answersOf(reference, base))
    expect(new Set(plain).size).toBeGreaterThan(3)
    for (const [index, [reference, base]] of pairs.entries()) {
      expect(await answersOf(reference, base, 'auto')).toBe(plain[index])
      expect(await answersOf(reference, base, 'auto')).toBe(plain[index])
    }
  })
})

it('identifyDecoding() changes with every member but base, adapter and prompt side, and with sampling and make-up', () => {
  const model: ModelIdentity = {
    base: 'b',
    adapter: 'a',
    tokenizer: 't',
    precision: 'f32',
    device: 'cpu',
    engine: 'e',
    stopIds: [1],
    decoder: 'd',
  }
  const drawn = { sampling: { temperature: 0 }, makeUp: { chunkSize: 8, repeats: 1 } }
  const before = identifyDecoding(model, drawn)
  const changes: readonly Partial<ModelIdentity>[] = [
    { precision: 'bf16' },
    { device: 'cuda' },
    { engine: 'f' },
    { stopIds: [1, 2] },
    { decoder: 'x' },
  ]
  for (const change of changes) expect(identifyDecoding({ ...model, ...change }, drawn)).not.toBe(before)
  for (const change of [{ base: 'x' }, { adapter: null }, { tokenizer: 'x' }])
    expect(identifyDecoding({ ...model, ...change }, drawn)).toBe(before)
  expect(identifyDecoding(model, { ...drawn, sampling: { temperature: 1 } })).not.toBe(before)
  expect(identifyDecoding(model, { ...drawn, makeUp: { chunkSize: 4, repeats: 1 } })).not.toBe(before)
})
