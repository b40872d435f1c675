import { cpSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, it } from 'vitest'
import { describeWeights } from '../../../src/engine/checkpoint/describe-weights.ts'
import { openModelDirectory } from '../../../src/engine/checkpoint/model-directory.ts'
import { readSafetensors, tensorToFloats, writeSafetensors } from '../../../src/engine/checkpoint/safetensors.ts'

const FIXTURES = fileURLToPath(new URL('../fixtures', import.meta.url))
const scratch = mkdtempSync(join(tmpdir(), 'holdfast-weights-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

let copies = 0
function copyOf(variant: string): string {
  const directory = join(scratch, `${variant}-${copies++}`)
  cpSync(join(FIXTURES, variant), directory, { recursive: true })
  return directory
}

/** A copy of a fixture whose tensors lie in two files with an index. */
function shardedCopy(variant: string): string {
  const directory = copyOf(variant)
  const path = join(directory, 'model.safetensors')
  const { bytes, tensors } = readSafetensors(path)
  const all = [...tensors.values()].map(
    ({ name, shape, ...rest }) => [name, { shape, values: tensorToFloats(bytes, { name, shape, ...rest }) }] as const,
  )
  const shards = [all.filter((_, index) => index % 2 === 0), all.filter((_, index) => index % 2 === 1)] as const
  const names = ['model-00001-of-00002.safetensors', 'model-00002-of-00002.safetensors'] as const
  for (const index of [0, 1] as const) writeSafetensors(join(directory, names[index]), new Map(shards[index]), 'F16')
  const weightMap = Object.fromEntries(shards.flatMap((shard, index) => shard.map(([name]) => [name, names[index]])))
  writeFileSync(join(directory, 'model.safetensors.index.json'), JSON.stringify({ weight_map: weightMap }))
  rmSync(path)
  return directory
}

/** The message of the refusal, the scratch directory left out. */
async function failure(directory: string): Promise<string> {
  return describeWeights(directory).then(
    () => 'none',
    (error: unknown) => (error as Error).message.replaceAll(directory, '<model>'),
  )
}

it.each(['llama-tied', 'llama-untied', 'llama-biased', 'qwen2', 'qwen3'])(
  'describeWeights() says of %s what the engine says',
  async (variant) => {
    const model = openModelDirectory(join(FIXTURES, variant))
    const description = await describeWeights(join(FIXTURES, variant))
    const { hash, parameterCount, stopIds } = model
    expect(description).toEqual({
      hash,
      parameterCount,
      stopIds,
      config: JSON.parse(readFileSync(join(FIXTURES, variant, 'config.json'), 'utf8')),
    })
  },
)

it('describeWeights() reads weights in several files as the engine does', async () => {
  const directory = shardedCopy('llama-untied')
  const { hash, parameterCount } = openModelDirectory(directory)
  const whole = await describeWeights(join(FIXTURES, 'llama-untied'))
  expect(await describeWeights(directory)).toMatchObject({ hash, parameterCount })
  expect(parameterCount).toBe(whole.parameterCount)
  expect(hash).not.toBe(whole.hash)
})

it('describeWeights() gives another hash for one changed byte of weights', async () => {
  const directory = copyOf('llama-tied')
  const path = join(directory, 'model.safetensors')
  const bytes = readFileSync(path)
  bytes[bytes.length - 1] = (bytes.at(-1) as number) ^ 1
  writeFileSync(path, bytes)
  const [changed, original] = [await describeWeights(directory), await describeWeights(join(FIXTURES, 'llama-tied'))]
  expect(changed.hash).not.toBe(original.hash)
  expect(changed.parameterCount).toBe(original.parameterCount)
})

it('describeWeights() knows models that the engine has no graph for, and tensors of any dtype', async () => {
  const directory = copyOf('llama-tied')
  writeFileSync(join(directory, 'config.json'), JSON.stringify({ model_type: 'mamba', eos_token_id: 5 }))
  const header = JSON.stringify({ __metadata__: { format: 'pt' }, packed: { dtype: 'U8', shape: [3, 4], data_offsets: [0, 12] } })
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(header.length))
  writeFileSync(join(directory, 'model.safetensors'), Buffer.concat([length, Buffer.from(header), Buffer.alloc(12)]))
  rmSync(join(directory, 'generation_config.json'))
  expect(await describeWeights(directory)).toMatchObject({ parameterCount: 12, stopIds: [5], config: { model_type: 'mamba' } })
})

it('describeWeights() refuses a header that is cut off', async () => {
  const directory = copyOf('llama-tied')
  truncateSync(join(directory, 'model.safetensors'), 100)
  expect(await failure(directory)).toMatchInlineSnapshot(`
    "SAFETENSORS_CORRUPT  The weight file is damaged: its header has no believable length
      where  <model>/model.safetensors
      fix    download or copy the file again; an interrupted download leaves such files"
  `)
})

it('describeWeights() refuses a header length that no header has', async () => {
  const directory = copyOf('llama-tied')
  writeFileSync(join(directory, 'model.safetensors'), Buffer.alloc(16, 0x7f))
  expect(await failure(directory)).toMatchInlineSnapshot(`
    "SAFETENSORS_CORRUPT  The weight file is damaged: its header has no believable length
      where  <model>/model.safetensors
      fix    download or copy the file again; an interrupted download leaves such files"
  `)
})

it('describeWeights() names a weight file that the index promises and that is not there', async () => {
  const directory = shardedCopy('llama-tied')
  rmSync(join(directory, 'model-00002-of-00002.safetensors'))
  expect(await failure(directory)).toMatchInlineSnapshot(`
    "MODEL_FILE_MISSING  The model directory has no weight file of this name
      where  <model>/model-00002-of-00002.safetensors
      fix    point to a directory in Hugging Face form: config.json, model.safetensors, tokenizer.json, tokenizer_config.json"
  `)
})

it('describeWeights() refuses a header whose JSON is no object', async () => {
  const directory = copyOf('llama-tied')
  for (const header of ['null', '{"w": null}']) {
    const length = Buffer.alloc(8)
    length.writeBigUInt64LE(BigInt(header.length))
    writeFileSync(join(directory, 'model.safetensors'), Buffer.concat([length, Buffer.from(header)]))
    expect(await failure(directory)).toContain('SAFETENSORS_CORRUPT')
  }
})
