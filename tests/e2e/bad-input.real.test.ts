/**
 * @file Bad input from outside: each mistake ends the command with 3 and three lines that say what, where and how to mend it, before anything
 * is trained, and leaves what was there as it was.
 */
import {
  closeSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { runHere } from '../cli/recorded-terminal.ts'
import { startHub } from '../base/hub-server.ts'
import { writeTinyModel } from '../round/tiny-model.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const scratch = mkdtempSync(join(tmpdir(), 'holdfast-bad-input-'))
const reports = join(scratch, 'reports')
const at = (name: string): string => join(scratch, name)
let before: readonly string[] = []

beforeAll(() => {
  writeTinyModel(at('model'))
  mkdirSync(join(reports, 'earlier'), { recursive: true })
  writeFileSync(join(reports, 'earlier', 'plan.json'), '{"kept": true}')
  before = filesOf(reports)
})
afterEach(() => {
  vi.unstubAllEnvs()
  expect(filesOf(reports)).toEqual(before)
})
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

function filesOf(directory: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .toSorted()
    .map((name) => {
      const path = join(directory, name)
      return statSync(path).isDirectory() ? name : `${name} ${readFileSync(path, 'utf8')}`
    })
}

const CASE_ROLES = ['train', 'train', 'dev', 'gate', 'gate'] as const
const rowsOf = (name: string): object[] =>
  CASE_ROLES.map((role, index) => ({ id: `${name}-${index}`, role, input: `${name} ${index}`, expected: 'yes' }))
const jsonl = (rows: readonly object[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join('')

/** Writes a suite of one feature and one retention eval and gives its path. */
function writeSuite(name: string, parts: { feature?: string; retention?: string; graders?: string; base?: string } = {}): string {
  const folder = at(name)
  mkdirSync(folder)
  writeFileSync(join(folder, 'feature.jsonl'), parts.feature ?? jsonl(rowsOf('feature')))
  writeFileSync(join(folder, 'kept.jsonl'), parts.retention ?? jsonl(rowsOf('kept')))
  const evalText = (file: string, graders: string): string =>
    `defineEval({ name: '${file}', cases: new URL('./${file}.jsonl', import.meta.url), prompt: '{{input}}', graders: ${graders} })`
  const text = `import { defineEval, defineSuite, graders } from '${join(root, 'src/index.ts')}'
export default defineSuite({
  name: 'bad',
  base: ${JSON.stringify(parts.base ?? at('model'))},
  features: [${evalText('feature', parts.graders ?? '[graders.exactMatch()]')}],
  retention: [${evalText('kept', '[graders.exactMatch()]')}],
  arms: [{ name: 'sft', role: 'candidate', method: { name: 'sft', steps: 2, batchSize: 2, learningRate: 0.001 } }],
})
`
  writeFileSync(join(folder, 'bad.suite.ts'), text)
  return join(folder, 'bad.suite.ts')
}

/** A copy of the tiny model to damage. */
function copyModel(name: string): string {
  cpSync(at('model'), at(name), { recursive: true })
  return at(name)
}

async function refusal(suite: string, ...flags: readonly string[]): Promise<string> {
  const { code, error } = await runHere('run', suite, '--reports', reports, ...flags)
  expect(code).toBe(3)
  return error.replaceAll(scratch, '<dir>').replaceAll(/(\.\.\/)*tmp\/holdfast-bad-input-\w+/g, '<dir>')
}

describe('holdfast run', () => {
  it('refuses a base model that is not there', async () => {
    vi.stubEnv('HF_ENDPOINT', 'http://127.0.0.1:9')
    vi.stubEnv('HOLDFAST_CACHE', at('cache'))
    expect(await refusal(writeSuite('no-base', { base: './models/none' }))).toMatchInlineSnapshot(`
      "MODEL_NOT_FOUND  There is no model "./models/none": no such directory
        where  ./models/none
        fix    give a model directory with config.json, a PEFT adapter directory with adapter_config.json, or a hub id like org/name or org/name@revision
      "
    `)
    expect(await refusal(writeSuite('no-hub-base', { base: 'org/none' }))).toMatchInlineSnapshot(`
      "HUB_UNREACHABLE  The files are not in the cache and the hub cannot be asked: "bad port"
        where  model org/none at main
        fix    try again when the hub can be reached, set HF_ENDPOINT to a mirror, or give a local directory
      "
    `)
  })

  it('refuses a base of an architecture without a graph', async () => {
    const path = join(copyModel('gpt'), 'config.json')
    writeFileSync(path, readFileSync(path, 'utf8').replace('"model_type":"llama"', '"model_type":"gpt2"'))
    expect(await refusal(writeSuite('unknown-architecture', { base: at('gpt') }))).toMatchInlineSnapshot(`
      "ARCHITECTURE_UNSUPPORTED  The engine has no graph for model_type "gpt2"
        where  <dir>/gpt/config.json
        fix    use a model of the Llama family (model_type llama, mistral, qwen2 or qwen3), or serve this one and grade it through an OpenAI-compatible server
      "
    `)
  })

  it('names the file and line of malformed JSONL', async () => {
    const lines = jsonl(rowsOf('feature')).split('\n')
    lines[2] = '{"id": "half'
    expect(await refusal(writeSuite('malformed', { feature: lines.join('\n') }))).toMatchInlineSnapshot(`
      "CASES_MALFORMED  A line of the cases of eval "feature" is not JSON: "{\\"id\\": \\"half"
        where  <dir>/malformed/feature.jsonl:3
        fix    write one JSON object per line, without line breaks inside it; onBadRow: 'skip' leaves such rows out and counts them
      "
    `)
  })

  it('names both places of a repeated case id', async () => {
    const rows = rowsOf('feature')
    const repeated = jsonl([...rows, { ...rows[0], input: 'something else' }])
    expect(await refusal(writeSuite('duplicate', { feature: repeated }))).toMatchInlineSnapshot(`
      "CASE_ID_DUPLICATE  Eval "feature" has two cases with the id "feature-0", which differ in input
        where  <dir>/duplicate/feature.jsonl:1 and <dir>/duplicate/feature.jsonl:6
        fix    give each case an id of its own; onDuplicate: 'number' does that, rows without an id are named by their content
      "
    `)
  })

  it('refuses an eval without graders', async () => {
    expect(await refusal(writeSuite('no-graders', { graders: '[]' }))).toMatchInlineSnapshot(`
      "EVAL_WITHOUT_GRADERS  Eval "feature" has no graders
        where  <dir>/no-graders/bad.suite.ts
        fix    add at least one grader, for example graders: [graders.exactMatch()]
      "
    `)
  })

  it('refuses cases that are shared between training and gate of one eval', async () => {
    const shared = jsonl([...rowsOf('feature'), { id: 'leak', role: 'gate', input: 'FEATURE  0', expected: 'yes' }])
    expect(await refusal(writeSuite('shared', { feature: shared }))).toMatchInlineSnapshot(`
      "CASES_SHARED  Eval "feature" asks the same in training and in judgement: "feature-0" (train) and "leak" (gate)
        where  <dir>/shared/bad.suite.ts
        fix    remove one case of each pair: a model can learn the answers it is judged by (prompts are compared without case and white space); onDuplicate: 'number' or 'drop' gives rows that ask the same one role
      "
    `)
  })

  it('refuses cases that one eval trains on and another is judged by', async () => {
    const leaking = jsonl([...rowsOf('kept'), { id: 'leak', role: 'gate', input: 'feature 1', expected: 'yes' }])
    expect(await refusal(writeSuite('shared-between', { retention: leaking }))).toMatchInlineSnapshot(`
      "SUITE_CASES_SHARED  Evals of the suite ask the same in training and in judgement: "feature/feature-1" (train) and "kept/leak" (gate)
        where  <dir>/shared-between/bad.suite.ts
        fix    remove one case of each pair: a model can learn the answers it is judged by (prompts are compared without case and white space)
      "
    `)
  })

  it('refuses a damaged weight file', async () => {
    const path = join(copyModel('cut-weights'), 'model.safetensors')
    const bytes = readFileSync(path)
    writeFileSync(path, bytes.subarray(0, bytes.length - 1000))
    expect(await refusal(writeSuite('corrupt', { base: at('cut-weights') }))).toMatchInlineSnapshot(`
      "SAFETENSORS_CORRUPT  The weight file is damaged: it should be 97568 bytes long and is 96568
        where  <dir>/cut-weights/model.safetensors
        fix    download or copy the file again; an interrupted download leaves such files
      "
    `)
    const file = openSync(path, 'w')
    writeSync(file, bytes.fill(255, 0, 8))
    closeSync(file)
    expect(await refusal(writeSuite('corrupt-header', { base: at('cut-weights') }))).toMatchInlineSnapshot(`
      "SAFETENSORS_CORRUPT  The weight file is damaged: its header claims 18446744073709551615 bytes, the file has 97568
        where  <dir>/cut-weights/model.safetensors
        fix    download or copy the file again; an interrupted download leaves such files
      "
    `)
  })

  it('refuses a tokenizer that does not fit the weights', async () => {
    const path = join(copyModel('small-vocabulary'), 'tokenizer.json')
    const tokenizer = JSON.parse(readFileSync(path, 'utf8')) as { model: { vocab: Record<string, number> } }
    tokenizer.model.vocab['stranger'] = 5000
    writeFileSync(path, JSON.stringify(tokenizer))
    expect(await refusal(writeSuite('tokenizer', { base: at('small-vocabulary') }))).toMatchInlineSnapshot(`
      "TOKENIZER_MISMATCH  The tokenizer does not fit the model: it has token id 5000, the model embeds ids 0 to 1215
        where  <dir>/small-vocabulary/tokenizer.json
        fix    use the tokenizer.json that was published with these weights
      "
    `)
  })

  it('refuses an interrupted download and keeps the files that are whole', async () => {
    const config = readFileSync(join(at('model'), 'config.json'), 'utf8')
    const hub = await startHub({ 'config.json': { content: config }, 'tokenizer.json': { content: '{"long":"long"}', fault: 'cut' } })
    vi.stubEnv('HF_ENDPOINT', hub.url)
    vi.stubEnv('HOLDFAST_CACHE', at('hub-cache'))
    try {
      const message = await refusal(writeSuite('download', { base: 'org/thing' }))
      expect(message.replaceAll(hub.url, '<hub>').replace(/complete: ".*"/, 'complete: "<reason>"')).toMatchInlineSnapshot(`
        "DOWNLOAD_INTERRUPTED  The download of "tokenizer.json" did not complete: "<reason>"
          where  model org/thing at 0123456789abcdef0123456789abcdef01234567
          fix    run the same command again: it goes on where this one stopped
        "
      `)
      const files = readdirSync(at('hub-cache'), { recursive: true, encoding: 'utf8' })
      expect(files.filter((name) => /0123456789abcdef.*\.json$/.test(name))).toEqual([expect.stringMatching(/config\.json$/)])
    } finally {
      await hub.close()
    }
  })
})
