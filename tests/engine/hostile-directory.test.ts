import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { readPeftAdapter } from '../../src/engine/adapter/read-peft-adapter.ts'
import { describeWeights } from '../../src/engine/checkpoint/describe-weights.ts'
import { openModelDirectory } from '../../src/engine/checkpoint/model-directory.ts'
import { openTokenizer } from '../../src/engine/tokenizer/tokenizer.ts'

const FIXTURES = fileURLToPath(new URL('fixtures', import.meta.url))
const scratch = mkdtempSync(join(tmpdir(), 'holdfast-hostile-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

let copies = 0
function copyOf(name: string): string {
  const directory = join(scratch, String(copies++))
  cpSync(join(FIXTURES, name), directory, { recursive: true })
  return directory
}
const model = (): string => copyOf('llama-tied')
const json = (path: string): Record<string, unknown> => JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>
function changed(directory: string, file: string, change: Record<string, unknown>): string {
  writeFileSync(join(directory, file), JSON.stringify({ ...json(join(directory, file)), ...change }))
  return directory
}
function written(directory: string, file: string, content: string | Uint8Array): string {
  writeFileSync(join(directory, file), content)
  return directory
}
function linked(directory: string, file: string, target: string): string {
  rmSync(join(directory, file), { force: true })
  symlinkSync(target, join(directory, file))
  return directory
}
/** A file that says its header is so long, and is as long as that where nothing is stored. */
function claiming(headerBytes: bigint, fileBytes: number): string {
  const directory = model()
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(headerBytes)
  writeFileSync(join(directory, 'model.safetensors'), length)
  truncateSync(join(directory, 'model.safetensors'), fileBytes)
  return directory
}

const SLOW = '^(?:(?:a+)+)+$|(?:(?:(?:a*)*)*)*b'
const slowTokenizer = (part: Record<string, unknown>): string => changed(copyOf('tokenizer'), 'tokenizer.json', part)
const splitBy = (regex: string): string =>
  slowTokenizer({ pre_tokenizer: { type: 'Split', pattern: { Regex: regex }, behavior: 'Isolated', invert: false } })
const replaced = (regex: string): string => slowTokenizer({ normalizer: { type: 'Replace', pattern: { Regex: regex }, content: '' } })
const rendered = (directory: string): unknown =>
  openTokenizer(directory).renderChat([{ role: 'user', content: `${'a'.repeat(60)}!` }], { addGenerationPrompt: true })
const templated = (template: string): string => written(copyOf('tokenizer'), 'chat_template.jinja', template)
const deep = (levels: number): string => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`

async function failure(work: () => unknown): Promise<string> {
  try {
    await work()
  } catch (error) {
    return (error as Error).message.replaceAll(/\/\S*holdfast-hostile-\w+\/\d+/g, '<model>')
  }
  return 'none'
}

test.each<readonly [string, () => unknown, string]>([
  [
    'a thousand million layers',
    () => openModelDirectory(changed(model(), 'config.json', { num_hidden_layers: 1e9 })),
    'MODEL_CONFIG_INVALID  The field "num_hidden_layers"',
  ],
  [
    'a vocabulary without end',
    () => openModelDirectory(changed(model(), 'config.json', { vocab_size: 2 ** 40 })),
    'MODEL_CONFIG_INVALID  The field "vocab_size"',
  ],
  [
    'heads without end',
    () => openModelDirectory(changed(model(), 'config.json', { head_dim: 2 ** 30 })),
    'MODEL_CONFIG_INVALID  The field "head_dim"',
  ],
  [
    'layers that the weights lack',
    () => openModelDirectory(changed(model(), 'config.json', { num_hidden_layers: 1000 })),
    'WEIGHTS_MISMATCH',
  ],
  ['a header of gigabytes', () => openModelDirectory(claiming(4_000_000_000n, 5_000_000_000)), 'its header claims 4000000000 bytes'],
  [
    'a header of more bytes than there are',
    () => openModelDirectory(claiming(2n ** 63n, 100)),
    'its header claims 9223372036854775808 bytes',
  ],
  [
    'weights that are nothing but zeros',
    () => openModelDirectory(claiming(50_000_000n, 60_000_000_000)),
    'its header is not a JSON object',
  ],
  [
    'a header of gigabytes, described',
    () => describeWeights(claiming(4_000_000_000n, 5_000_000_000)),
    'its header has no believable length',
  ],
  [
    'configuration nested without end',
    () => openModelDirectory(written(model(), 'config.json', deep(1_000_000))),
    'is nested more than 100 levels deep',
  ],
  [
    'a tokenizer nested without end',
    () => openTokenizer(written(copyOf('tokenizer'), 'tokenizer.json', deep(5_000_000))),
    'is nested more than 100 levels deep',
  ],
  [
    'lists without end',
    () => openTokenizer(written(copyOf('tokenizer'), 'tokenizer.json', `{"a":[${'[],'.repeat(3_000_000)}1]}`)),
    'holds more than 2000000 lists and objects',
  ],
  [
    'a configuration of gigabytes',
    () => {
      const directory = model()
      truncateSync(join(directory, 'config.json'), 3_000_000_000)
      return openModelDirectory(directory)
    },
    'MODEL_FILE_REFUSED  The file is not read: it has 3000000000 bytes, at most 16777216 are read',
  ],
  [
    'stop tokens without end',
    () => openModelDirectory(changed(model(), 'generation_config.json', { eos_token_id: Array.from({ length: 100_000 }, () => 1) })),
    'eos_token_id names 100000 tokens',
  ],
  [
    'a link out of the directory',
    () => openModelDirectory(linked(model(), 'config.json', '/etc/passwd')),
    'it is a link to a file outside of the directory',
  ],
  [
    'a template that is a link out of the directory',
    () => openTokenizer(linked(copyOf('tokenizer'), 'chat_template.jinja', '/etc/passwd')),
    'it is a link to a file outside of the directory',
  ],
  ['a device without end', () => openModelDirectory(linked(model(), 'config.json', '/dev/zero')), 'it is not a regular file'],
  ['weights that are a device', () => openModelDirectory(linked(model(), 'model.safetensors', '/dev/zero')), 'it is not a regular file'],
  [
    'weights that are a device, described',
    () => describeWeights(linked(model(), 'model.safetensors', '/dev/zero')),
    'it is not a regular file',
  ],
  [
    'a folder in the place of a file',
    () => {
      const directory = model()
      rmSync(join(directory, 'generation_config.json'))
      mkdirSync(join(directory, 'generation_config.json'))
      return openModelDirectory(directory)
    },
    'it is not a regular file',
  ],
  [
    'an index that names its own directory',
    () => {
      const directory = written(model(), 'model.safetensors.index.json', '{"weight_map":{"a":".."}}')
      rmSync(join(directory, 'model.safetensors'))
      return openModelDirectory(directory)
    },
    'The index names a file outside the directory: ".."',
  ],
  [
    'weights in a pickle',
    () => {
      const directory = written(model(), 'pytorch_model.bin', 'cos\nsystem\n')
      rmSync(join(directory, 'model.safetensors'))
      return openModelDirectory(directory)
    },
    'has no weight file in safetensors, and pytorch_model.bin is a pickle, which can run code when it is read',
  ],
  [
    'an adapter in a pickle',
    () => {
      const directory = written(join(model(), 'adapter'), 'adapter_model.bin', 'cos\nsystem\n')
      rmSync(join(directory, 'adapter_model.safetensors'))
      return readPeftAdapter(directory, openModelDirectory(join(FIXTURES, 'llama-tied')).config)
    },
    'adapter_model.bin is a pickle',
  ],
  ['a splitting expression that tries every path', () => rendered(splitBy(SLOW)), 'TOKENIZER_RUNAWAY'],
  ['a normalising expression that tries every path', () => rendered(replaced('(?:a|a|aa)+$')), 'TOKENIZER_RUNAWAY'],
  [
    'a template that loops',
    () => rendered(templated('{% for a in range(99999) %}{% for b in range(99999) %}x{% endfor %}{% endfor %}')),
    'TOKENIZER_RUNAWAY',
  ],
  ['a template in brackets without end', () => openTokenizer(templated(`{{ ${'('.repeat(100_000)}`)), 'TOKENIZER_INVALID'],
  ['templates without end', () => openTokenizer(templated('x'.repeat(2_000_000))), 'TOKENIZER_INVALID'],
])(
  'a model directory with %s is refused within seconds',
  async (_, work, problem) => {
    const begin = performance.now()
    const memory = process.memoryUsage().rss
    expect(await failure(work)).toMatch(new RegExp(problem.replaceAll(/[()[\]"]/g, String.raw`\$&`)))
    expect(performance.now() - begin).toBeLessThan(30_000)
    expect(process.memoryUsage().rss - memory).toBeLessThan(1_000_000_000)
  },
  60_000,
)

test('openModelDirectory() follows links to weights elsewhere, and links of the hub’s own cache', () => {
  const elsewhere = model()
  const directory = linked(model(), 'model.safetensors', join(elsewhere, 'model.safetensors'))
  expect(openModelDirectory(directory).parameterCount).toBeGreaterThan(0)
  const blobs = join(scratch, 'models--org--thing', 'blobs')
  cpSync(join(FIXTURES, 'llama-tied', 'config.json'), join(blobs, 'abc'))
  expect(openModelDirectory(linked(model(), 'config.json', join(blobs, 'abc'))).parameterCount).toBeGreaterThan(0)
})

test('ModelFileRefusedError and TokenizerRunawayError say what to do', async () => {
  const messages = [
    await failure(() => openModelDirectory(linked(model(), 'config.json', '/etc/passwd'))),
    await failure(() => rendered(splitBy(SLOW))),
    await failure(() =>
      rendered(templated("{% set ns = namespace(x='ab') %}{% for i in range(60) %}{% set ns.x = ns.x ~ ns.x %}{% endfor %}")),
    ),
  ]
  expect(messages.join('\n')).toMatchInlineSnapshot(`
    "MODEL_FILE_REFUSED  The file is not read: it is a link to a file outside of the directory
      where  <model>/config.json
      fix    take the model from a source that you trust, and put the file itself into its directory
    TOKENIZER_RUNAWAY  The model's text processing was stopped: a regular expression of the tokenizer was not finished after 5012 ms
      where  <model>/tokenizer.json
      fix    take the file from a source that you trust: one that was published for use ends within milliseconds
    TOKENIZER_RUNAWAY  The model's text processing was stopped: the chat template needs a text of more than 4003208 characters
      where  <model>/chat_template.jinja
      fix    take the file from a source that you trust: one that was published for use ends within milliseconds"
  `)
}, 60_000)

test('parseModelConfig() lets no table of positions grow beyond measure', () => {
  expect(openModelDirectory(changed(model(), 'config.json', { max_position_embeddings: 2 ** 31 })).config.maxPositions).toBe(
    Math.floor(2 ** 25 / 3),
  )
})
