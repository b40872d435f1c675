import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { downloadHubFiles } from '../../src/base/download-hub-files.ts'
import { COMMIT, startHub, type HubServer } from './hub-server.ts'

const REPOSITORY = { type: 'model', name: 'org/thing', revision: 'main' } as const
const WEIGHTS = 'w'.repeat(5000)

let hub: HubServer
let scratch: string

beforeEach(async () => {
  hub = await startHub({ 'config.json': { content: '{"a":1}' }, 'model.safetensors': { content: WEIGHTS, large: true } })
  scratch = mkdtempSync(join(tmpdir(), 'holdfast-snapshot-'))
  vi.stubEnv('HF_ENDPOINT', hub.url)
  vi.stubEnv('HOLDFAST_CACHE', join(scratch, 'own'))
  vi.stubEnv('HF_HOME', join(scratch, 'home'))
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await hub.close()
  rmSync(scratch, { recursive: true, force: true })
})

const fetchAll = (revision = 'main'): Promise<string> => downloadHubFiles({ ...REPOSITORY, revision }, () => true)

/** A file as Hugging Face's libraries keep it: a blob named after its hash, and a link in the snapshot. */
function keep(path: string, content: string, { cache = join(scratch, 'home', 'hub'), large = false } = {}): string {
  const root = join(cache, 'models--org--thing')
  const blob = large
    ? createHash('sha256').update(content).digest('hex')
    : createHash('sha1')
        .update(`blob ${Buffer.byteLength(content)}\0${content}`)
        .digest('hex')
  const snapshot = join(root, 'snapshots', COMMIT)
  const link = join(snapshot, path)
  for (const folder of [join(root, 'blobs'), join(root, 'refs'), dirname(link)]) mkdirSync(folder, { recursive: true })
  writeFileSync(join(root, 'blobs', blob), content)
  writeFileSync(join(root, 'refs', 'main'), COMMIT)
  symlinkSync(relative(dirname(link), join(root, 'blobs', blob)), link)
  return snapshot
}

test('downloadHubFiles() takes a snapshot of HF_HOME that is whole as it is', async () => {
  keep('model.safetensors', WEIGHTS, { large: true })
  const snapshot = keep('config.json', '{"a":1}')
  expect(await fetchAll()).toBe(snapshot)
  expect(await fetchAll(COMMIT)).toBe(snapshot)
  expect(hub.served).toEqual([])
})

test('downloadHubFiles() looks where HF_HUB_CACHE says', async () => {
  const cache = join(scratch, 'elsewhere')
  vi.stubEnv('HF_HUB_CACHE', cache)
  keep('model.safetensors', WEIGHTS, { large: true, cache })
  expect(await fetchAll()).not.toBe(keep('config.json', '{"a":2}', { cache }))
  expect(hub.served).toEqual(['config.json'])
})

test('downloadHubFiles() downloads only what a snapshot lacks or has otherwise', async () => {
  keep('model.safetensors', WEIGHTS, { large: true })
  keep('config.json', '{"b":2}')
  const directory = await fetchAll()
  expect(directory).toBe(join(scratch, 'own', 'hub', 'models--org--thing', COMMIT))
  expect(hub.served).toEqual(['config.json'])
  expect(readFileSync(join(directory, 'model.safetensors'), 'utf8')).toBe(WEIGHTS)
  expect(readFileSync(join(directory, 'config.json'), 'utf8')).toBe('{"a":1}')
})

test('downloadHubFiles() takes a snapshot offline, and when the hub cannot be asked', async () => {
  const snapshot = keep('config.json', '{"a":1}')
  vi.stubEnv('HF_HUB_OFFLINE', '1')
  expect(await fetchAll()).toBe(snapshot)
  await expect(fetchAll('other')).rejects.toThrow('HF_HUB_OFFLINE is set')
  expect(hub.requests).toEqual([])
  vi.stubEnv('HF_HUB_OFFLINE', '0')
  hub.otherwise = () => ({ status: 503, headers: { 'Retry-After': '0' } })
  expect(await fetchAll()).toBe(snapshot)
})
