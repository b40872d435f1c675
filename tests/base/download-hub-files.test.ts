import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { downloadHubFiles } from '../../src/base/download-hub-files.ts'
import { COMMIT, startHub } from './hub-server.ts'
import type { HubServer } from './hub-server.ts'

const REPOSITORY = { type: 'model', name: 'org/thing', revision: 'main' } as const

let hub: HubServer
let cache: string

beforeEach(async () => {
  hub = await startHub({
    'config.json': { content: '{"a":1}' },
    'model.safetensors': { content: 'w'.repeat(5000), large: true },
    'folder/notes.md': { content: 'notes' },
  })
  cache = mkdtempSync(join(tmpdir(), 'holdfast-hub-'))
  vi.stubEnv('HF_ENDPOINT', hub.url)
  vi.stubEnv('HOLDFAST_CACHE', cache)
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await hub.close()
  rmSync(cache, { recursive: true, force: true })
})

const fetchAll = (wanted = (path: string): boolean => !path.endsWith('.md')): Promise<string> => downloadHubFiles(REPOSITORY, wanted)

async function failure(action: () => Promise<unknown>): Promise<string> {
  const error = await action().catch((reason: Error) => reason)
  return error instanceof Error ? error.message.replaceAll(hub.url, '<hub>').replaceAll(/127\.0\.0\.1:\d+/g, '<address>') : 'no error'
}

test('downloadHubFiles() fetches the wanted files once', async () => {
  const directory = await fetchAll()
  expect(readdirSync(directory).toSorted()).toEqual(['config.json', 'model.safetensors'])
  expect(readFileSync(join(directory, 'model.safetensors'), 'utf8')).toBe('w'.repeat(5000))
  expect(await fetchAll()).toBe(directory)
  expect(hub.served).toEqual(['config.json', 'model.safetensors'])
})

test('downloadHubFiles() fetches a further file of the same commit beside the first', async () => {
  const directory = await fetchAll()
  expect(await fetchAll((path) => path === 'folder/notes.md')).toBe(directory)
  expect(readFileSync(join(directory, 'folder/notes.md'), 'utf8')).toBe('notes')
})

test('downloadHubFiles() works without the hub once the files are there', async () => {
  const directory = await fetchAll()
  vi.stubEnv('HF_HUB_OFFLINE', '1')
  expect(await fetchAll()).toBe(directory)
  vi.stubEnv('HF_HUB_OFFLINE', '0')
  vi.stubEnv('HF_ENDPOINT', 'http://127.0.0.1:9')
  expect(await fetchAll()).toBe(directory)
})

test('downloadHubFiles() refuses an interrupted download, leaves no part of the file, and finishes later', async () => {
  hub.files.set('model.safetensors', { content: 'w'.repeat(5000), large: true, fault: 'cut' })
  const message = await failure(fetchAll)
  expect(message).toMatch(/^DOWNLOAD_INTERRUPTED {2}The download of "model\.safetensors" did not complete: "/)
  expect(message.split('\n').slice(1).join('\n')).toMatchInlineSnapshot(`
    "  where  model org/thing at 0123456789abcdef0123456789abcdef01234567
      fix    run the same command again: files that are whole are kept, this one starts over"
  `)
  const directory = join(cache, 'hub', 'models--org--thing', COMMIT)
  expect(readdirSync(directory)).toEqual(['config.json'])
  hub.files.set('model.safetensors', { content: 'w'.repeat(5000), large: true })
  expect(await fetchAll()).toBe(directory)
  expect(hub.served.filter((path) => path === 'config.json').length).toBe(1)
})

test('downloadHubFiles() refuses a file with a wrong checksum', async () => {
  hub.files.set('model.safetensors', { content: 'w'.repeat(5000), large: true, fault: 'wrong' })
  expect(await failure(fetchAll)).toMatchInlineSnapshot(`
    "DOWNLOAD_INTERRUPTED  The download of "model.safetensors" did not complete: its checksum is wrong
      where  model org/thing at 0123456789abcdef0123456789abcdef01234567
      fix    run the same command again: files that are whole are kept, this one starts over"
  `)
})

test('downloadHubFiles() refuses what the hub does not have', async () => {
  expect(await failure(() => downloadHubFiles({ ...REPOSITORY, name: 'org/other' }, () => true))).toMatchInlineSnapshot(`
    "HUB_NOT_FOUND  The hub has no model org/other at main
      where  <hub>
      fix    check the name and the revision; for a private or gated repository set HF_TOKEN"
  `)
  expect(await failure(() => fetchAll((path) => path === 'cases.jsonl'))).toMatchInlineSnapshot(`
    "HUB_NOT_FOUND  The hub has no file that is wanted
      where  model org/thing at main
      fix    check the name and the revision; for a private or gated repository set HF_TOKEN"
  `)
})

test('downloadHubFiles() says that the hub cannot be reached', async () => {
  vi.stubEnv('HF_HUB_OFFLINE', '1')
  expect(await failure(fetchAll)).toMatchInlineSnapshot(`
    "HUB_UNREACHABLE  The files are not in the cache and the hub cannot be reached: HF_HUB_OFFLINE is set
      where  model org/thing at main
      fix    connect to the network, set HF_ENDPOINT to a mirror, or give a local directory"
  `)
  vi.stubEnv('HF_HUB_OFFLINE', '')
  vi.stubEnv('HF_ENDPOINT', 'http://127.0.0.1:9')
  expect(await failure(fetchAll)).toContain('HUB_UNREACHABLE')
})

test('downloadHubFiles() ignores paths that lead out of the cache', async () => {
  hub.files.set('../../evil.json', { content: 'x' })
  await fetchAll(() => true)
  expect(hub.served).not.toContain('../../evil.json')
})
