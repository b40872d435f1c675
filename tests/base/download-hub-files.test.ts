import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
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
  vi.stubEnv('HF_HOME', join(cache, 'hf-home'))
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
  expect(hub.served.toSorted()).toEqual(['config.json', 'model.safetensors'])
})

test('downloadHubFiles() fetches a file once for two that ask at the same time', async () => {
  hub.delayMs = 50
  const [one, other] = await Promise.all([fetchAll(), fetchAll()])
  expect(one).toBe(other)
  expect(hub.served.toSorted()).toEqual(['config.json', 'model.safetensors'])
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

test('downloadHubFiles() says that a download broke off, keeps the part, and goes on there the next time', async () => {
  const content = Array.from({ length: 1000 }, (_, line) => `line ${line}`).join('\n')
  hub.files.set('model.safetensors', { content, large: true, fault: 'cut' })
  const message = await failure(fetchAll)
  expect(message).toMatch(/^DOWNLOAD_INTERRUPTED {2}The download of "model\.safetensors" did not complete: "/)
  expect(message.split('\n').slice(1).join('\n')).toMatchInlineSnapshot(`
    "  where  model org/thing at 0123456789abcdef0123456789abcdef01234567
      fix    run the same command again: it goes on where this one stopped"
  `)
  const directory = join(cache, 'hub', 'models--org--thing', COMMIT)
  expect(readdirSync(directory).filter((name) => !name.includes('.incomplete'))).toEqual(['config.json'])
  hub.files.set('model.safetensors', { content, large: true })
  expect(await fetchAll()).toBe(directory)
  expect(readFileSync(join(directory, 'model.safetensors'), 'utf8')).toBe(content)
  const last = hub.requests.at(-1)?.headers
  expect(Number(/^bytes=(\d+)-$/.exec(last?.range ?? '')?.[1])).toBeGreaterThan(content.length / 2)
  expect(last?.['if-range']).toMatch(/^"[0-9a-f]{40}"$/)
  expect(hub.served.filter((path) => path === 'config.json').length).toBe(1)
  expect(readdirSync(directory).toSorted()).toEqual(['config.json', 'model.safetensors'])
})

test.each([
  ['goes on with the rest', {}],
  ['begins anew where the server ignores what is asked for', { ignoresRange: true }],
])('downloadHubFiles() %s after a connection that breaks once', async (_, how) => {
  const content = 'abcdefghij'.repeat(700)
  hub.files.set('model.safetensors', { content, large: true, fault: 'cut-once', ...how })
  const directory = await fetchAll()
  expect(readFileSync(join(directory, 'model.safetensors'), 'utf8')).toBe(content)
  expect(hub.requests.at(-1)?.headers.range).toBe(`bytes=${content.length / 2}-`)
})

test('downloadHubFiles() begins anew when the file changed between two tries', async () => {
  hub.files.set('config.json', { content: 'a'.repeat(4000), fault: 'cut' })
  expect(await failure(fetchAll)).toContain('DOWNLOAD_INTERRUPTED')
  hub.files.set('config.json', { content: 'b'.repeat(4000) })
  expect(readFileSync(join(await fetchAll(), 'config.json'), 'utf8')).toBe('b'.repeat(4000))
  expect(hub.requests.find(({ headers }) => headers.range !== undefined)).toBeDefined()
})

test('downloadHubFiles() takes over the part of a process that has ended', async () => {
  const directory = join(cache, 'hub', 'models--org--thing', COMMIT)
  mkdirSync(directory, { recursive: true })
  writeFileSync(join(directory, 'model.safetensors.incomplete-999999999'), 'w'.repeat(3000))
  await fetchAll()
  expect(readFileSync(join(directory, 'model.safetensors'), 'utf8')).toBe('w'.repeat(5000))
  expect(hub.requests.map(({ headers }) => headers.range).filter((range) => range !== undefined)).toEqual(['bytes=3000-'])
})

test('downloadHubFiles() throws away a part whose bytes were wrong', async () => {
  const directory = join(cache, 'hub', 'models--org--thing', COMMIT)
  mkdirSync(directory, { recursive: true })
  writeFileSync(join(directory, 'model.safetensors.incomplete-999999999'), '?'.repeat(3000))
  await fetchAll()
  expect(readFileSync(join(directory, 'model.safetensors'), 'utf8')).toBe('w'.repeat(5000))
})

test.each([
  ['model.safetensors', 'by its checksum', { content: 'w'.repeat(5000), large: true }],
  ['config.json', 'by git’s own', { content: '{"a":1}' }],
])('downloadHubFiles() refuses a wrong %s, known %s', async (path, _, file) => {
  hub.files.set(path, { ...file, fault: 'wrong' })
  expect(await failure(fetchAll)).toBe(
    [
      `DOWNLOAD_INTERRUPTED  The download of "${path}" did not complete: its checksum is wrong`,
      '  where  model org/thing at 0123456789abcdef0123456789abcdef01234567',
      '  fix    run the same command again: it goes on where this one stopped',
    ].join('\n'),
  )
})

test('downloadHubFiles() asks for several files at once, and not for all', async () => {
  for (let index = 0; index < 12; index++) hub.files.set(`part-${index}.json`, { content: `${index}` })
  hub.delayMs = 100
  expect(readdirSync(await fetchAll())).toHaveLength(14)
  expect(hub.mostAtOnce).toBe(4)
})

test.each([429, 500, 503, 408])('downloadHubFiles() asks again after %i, and then says what came', async (status) => {
  let times = 0
  hub.otherwise = ({ url }) => (url.includes('/revision/') && ++times <= 2 ? { status, headers: { 'Retry-After': '0' } } : undefined)
  expect(existsSync(await fetchAll())).toBe(true)
  rmSync(cache, { recursive: true })
  hub.otherwise = () => ({ status, headers: { 'Retry-After': '0' } })
  expect(await failure(fetchAll)).toContain(
    `HUB_UNREACHABLE  The files are not in the cache and the hub cannot be asked: it answered ${status} `,
  )
})

test('downloadHubFiles() takes the kept listing when the hub is busy, and waits no hour', async () => {
  const directory = await fetchAll()
  hub.otherwise = () => ({ status: 429, headers: { 'Retry-After': '3600' } })
  const before = hub.requests.length
  expect(await fetchAll()).toBe(directory)
  expect(hub.requests.length).toBe(before + 1)
  rmSync(cache, { recursive: true })
  expect(await failure(fetchAll)).toContain('it answered 429 "Too Many Requests", to be asked again after 3600 s')
})

test('downloadHubFiles() says how access is had, and tells a refused token from none', async () => {
  hub.otherwise = () => ({ status: 401, headers: { 'X-Error-Code': 'GatedRepo' } })
  const messages = [await failure(fetchAll)]
  vi.stubEnv('HF_TOKEN', 'secret')
  hub.otherwise = () => ({ status: 401 })
  messages.push(await failure(fetchAll))
  hub.otherwise = () => ({ status: 403, headers: { 'X-Error-Code': 'GatedRepo' } })
  messages.push(await failure(fetchAll))
  hub.otherwise = ({ url }) => (url.includes('/resolve/') ? { status: 403 } : undefined)
  messages.push(await failure(fetchAll))
  expect(messages.join('\n')).toMatchInlineSnapshot(`
    "HUB_ACCESS  The hub does not give model org/thing at main to everybody (401): it is gated or private, or its name is wrong
      where  <hub>/org/thing
      fix    check the name, ask for access on <hub>/org/thing, and set HF_TOKEN to a token of <hub>/settings/tokens
    HUB_ACCESS  The hub does not accept the token in HF_TOKEN (401), so model org/thing at main cannot be had
      where  <hub>/org/thing
      fix    set HF_TOKEN to a valid token of <hub>/settings/tokens, or unset it where none is needed
    HUB_ACCESS  The token in HF_TOKEN may not read model org/thing at main (403)
      where  <hub>/org/thing
      fix    ask for access on <hub>/org/thing with the account of the token; a fine-grained token must also be allowed to read gated repositories
    HUB_ACCESS  The token in HF_TOKEN may not read file "config.json" of model org/thing at 0123456789abcdef0123456789abcdef01234567 (403)
      where  <hub>/org/thing
      fix    ask for access on <hub>/org/thing with the account of the token; a fine-grained token must also be allowed to read gated repositories"
  `)
})

test('downloadHubFiles() shows the token to the hub, also as a mirror wants it, and to nobody it leads to', async () => {
  vi.stubEnv('HF_TOKEN', 'secret-of-a-mirror')
  const elsewhere = await startHub({ 'config.json': { content: '{"a":1}' } })
  hub.otherwise = ({ url }) =>
    url.includes('/resolve/') && url.endsWith('config.json')
      ? { status: 302, headers: { Location: `${elsewhere.url}/org/thing/resolve/x/config.json` } }
      : undefined
  await fetchAll()
  expect(new Set(hub.requests.map(({ headers }) => headers.authorization))).toEqual(new Set(['Bearer secret-of-a-mirror']))
  expect(elsewhere.requests.map(({ headers }) => headers.authorization)).toEqual([undefined])
  await elsewhere.close()
})

test.each(['/', '///', '/mirror', '/mirror/'])('downloadHubFiles() finds a hub whose address ends in %s', async (end) => {
  vi.stubEnv('HF_ENDPOINT', hub.url + end)
  expect(existsSync(join(await fetchAll(), 'config.json'))).toBe(true)
  expect(hub.requests.every(({ url }) => !url.startsWith('//'))).toBe(true)
})

test('downloadHubFiles() asks nothing offline, also for a file that is missing', async () => {
  await fetchAll()
  vi.stubEnv('HF_HUB_OFFLINE', '1')
  vi.stubEnv('HF_TOKEN', 'secret')
  const before = hub.requests.length
  expect(await failure(() => fetchAll((path) => path === 'folder/notes.md'))).toMatchInlineSnapshot(`
    "HUB_UNREACHABLE  The files are not in the cache and the hub cannot be asked: HF_HUB_OFFLINE is set
      where  file "folder/notes.md" of model org/thing at 0123456789abcdef0123456789abcdef01234567
      fix    try again when the hub can be reached, set HF_ENDPOINT to a mirror, or give a local directory"
  `)
  vi.stubEnv('HF_HUB_OFFLINE', '')
  vi.stubEnv('TRANSFORMERS_OFFLINE', '1')
  expect(await failure(() => fetchAll((path) => path === 'folder/notes.md'))).toContain('HF_HUB_OFFLINE is set')
  expect(hub.requests.length).toBe(before)
})

test('downloadHubFiles() asks for a kept file of another size again', async () => {
  const directory = await fetchAll()
  writeFileSync(join(directory, 'config.json'), '{')
  await fetchAll()
  expect(readFileSync(join(directory, 'config.json'), 'utf8')).toBe('{"a":1}')
})

test('downloadHubFiles() refuses what the hub does not have', async () => {
  expect(await failure(() => downloadHubFiles({ ...REPOSITORY, name: 'org/other' }, () => true))).toMatchInlineSnapshot(`
    "HUB_NOT_FOUND  The hub has no model org/other at main
      where  <hub>
      fix    check the name and the revision; a private repository is shown only to a token in HF_TOKEN that may read it"
  `)
  expect(await failure(() => fetchAll((path) => path === 'cases.jsonl'))).toMatchInlineSnapshot(`
    "HUB_NOT_FOUND  The hub has no file that is wanted
      where  model org/thing at main
      fix    check the name and the revision; a private repository is shown only to a token in HF_TOKEN that may read it"
  `)
})

test('downloadHubFiles() says that the hub cannot be reached', async () => {
  vi.stubEnv('HF_HUB_OFFLINE', '1')
  expect(await failure(fetchAll)).toMatchInlineSnapshot(`
    "HUB_UNREACHABLE  The files are not in the cache and the hub cannot be asked: HF_HUB_OFFLINE is set
      where  model org/thing at main
      fix    try again when the hub can be reached, set HF_ENDPOINT to a mirror, or give a local directory"
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
