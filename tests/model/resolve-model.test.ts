import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { resolveModel } from '../../src/model/resolve-model.ts'
import { COMMIT, startHub } from '../base/hub-server.ts'
import type { HubServer } from '../base/hub-server.ts'

const directory = mkdtempSync(join(tmpdir(), 'holdfast-resolve-'))
const at = (name: string): string => join(directory, name)
let hub: HubServer

function put(path: string, content: unknown): void {
  mkdirSync(dirname(at(path)), { recursive: true })
  writeFileSync(at(path), JSON.stringify(content))
}

const adapter = (name: string, base: unknown): void => put(`${name}/adapter_config.json`, { base_model_name_or_path: base })

beforeAll(async () => {
  put('nano/config.json', {})
  put('empty/notes.json', {})
  hub = await startHub({
    'config.json': { content: '{}' },
    'model-00001-of-00002.safetensors': { content: 'w', large: true },
    'pytorch_model.bin': { content: 'b' },
    'onnx/model.onnx': { content: 'o' },
    'additional_chat_templates/tool_use.jinja': { content: 't' },
  })
  vi.stubEnv('HF_ENDPOINT', 'http://127.0.0.1:9')
  vi.stubEnv('HOLDFAST_CACHE', at('cache'))
})
afterEach(() => vi.stubEnv('HF_ENDPOINT', 'http://127.0.0.1:9'))
afterAll(async () => {
  vi.unstubAllEnvs()
  await hub.close()
  rmSync(directory, { recursive: true, force: true })
})

async function failure(...given: Parameters<typeof resolveModel>): Promise<string> {
  const error = await resolveModel(...given).catch((reason: Error) => reason)
  return error instanceof Error
    ? error.message.replaceAll(directory, '<dir>').replaceAll(/"(connect )?E[A-Z]+[^"]*"/g, '"<reason>"')
    : 'no error'
}

test('resolveModel() finds a model directory by path, relative path and file URL', async () => {
  const found = { baseDirectory: at('nano'), adapterDirectory: null }
  expect(await resolveModel(at('nano'))).toEqual(found)
  expect(await resolveModel(relative(process.cwd(), at('nano')))).toEqual(found)
  expect(await resolveModel(pathToFileURL(at('nano')).href)).toEqual(found)
})

test('resolveModel() finds the base that an adapter names, relative to the adapter or absolute', async () => {
  adapter('beside', '../nano')
  adapter('absolute', at('nano'))
  expect(await resolveModel(at('beside'))).toEqual({ baseDirectory: at('nano'), adapterDirectory: at('beside') })
  expect(await resolveModel(at('absolute'))).toEqual({ baseDirectory: at('nano'), adapterDirectory: at('absolute') })
})

test('resolveModel() takes the given base of an adapter over the one it names', async () => {
  adapter('elsewhere', '/nowhere/model')
  expect(await resolveModel(at('elsewhere'), { base: at('nano') })).toEqual({
    baseDirectory: at('nano'),
    adapterDirectory: at('elsewhere'),
  })
})

test('resolveModel() downloads a hub id, weights and text files only', async () => {
  vi.stubEnv('HF_ENDPOINT', hub.url)
  const found = { baseDirectory: join(at('cache'), 'hub', 'models--org--thing', COMMIT), adapterDirectory: null }
  expect(await resolveModel('org/thing')).toEqual(found)
  expect(await resolveModel('org/thing@v1.0')).toEqual(found)
  expect(hub.served.toSorted()).toEqual(['additional_chat_templates/tool_use.jinja', 'config.json', 'model-00001-of-00002.safetensors'])
})

test('resolveModel() refuses what is no model', async () => {
  expect(await failure(at('empty'))).toMatchInlineSnapshot(`
    "MODEL_NOT_FOUND  There is no model "<dir>/empty": the directory has neither config.json nor adapter_config.json
      where  <dir>/empty
      fix    give a model directory with config.json, a PEFT adapter directory with adapter_config.json, or a hub id like org/name or org/name@revision"
  `)
  expect(await failure(at('none'))).toContain('no such directory')
  expect(await failure('./none')).toContain('"./none": no such directory')
  expect(await failure(at('nano/config.json'))).toContain('it is a file, not a directory')
})

test('resolveModel() tells a hub that cannot be asked, or lets nobody in, from one that has no such model', async () => {
  expect(await failure('org/absent')).toMatch(/^HUB_UNREACHABLE /)
  vi.stubEnv('HF_ENDPOINT', hub.url)
  hub.otherwise = () => ({ status: 403 })
  expect(await failure('org/absent')).toMatch(/^HUB_ACCESS /)
  hub.otherwise = () => undefined
  expect(await failure('org/absent')).toContain('as a hub id: The hub has no model org/absent at main')
})

test('resolveModel() refuses an adapter whose base cannot be found', async () => {
  adapter('orphan', '/nowhere/model')
  adapter('nameless', null)
  adapter('stacked', at('beside'))
  expect(await failure(at('orphan'))).toMatchInlineSnapshot(`
    "ADAPTER_BASE_UNKNOWN  The base model of the adapter cannot be found: There is no model "/nowhere/model": no such directory
      where  <dir>/orphan
      fix    name it with --base, or correct base_model_name_or_path in adapter_config.json"
  `)
  expect(await failure(at('nameless'))).toContain('adapter_config.json names none')
  expect(await failure(at('stacked'))).toContain('is an adapter itself')
  writeFileSync(at('nameless/adapter_config.json'), '{')
  expect(await failure(at('nameless'))).toContain('adapter_config.json cannot be read')
})

test('resolveModel() lets an interrupted download be told apart', async () => {
  vi.stubEnv('HF_ENDPOINT', hub.url)
  vi.stubEnv('HOLDFAST_CACHE', at('other-cache'))
  hub.files.set('config.json', { content: '{"long":"long"}', fault: 'cut' })
  expect(await failure('org/thing')).toContain('DOWNLOAD_INTERRUPTED')
})
