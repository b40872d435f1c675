import { afterEach, expect, test, vi } from 'vitest'
import { apiKey, isServerReference, parseServerReference } from '../../../src/model/chat/server-reference.ts'

afterEach(() => {
  vi.unstubAllEnvs()
})

test('isServerReference() tells addresses from directories and hub ids', () => {
  expect(['http://h:1#m', 'HTTPS://h'].every(isServerReference)).toBe(true)
  expect(['models/nano', 'org/name@main', 'file:///x', 'http', 'httpx://y'].some(isServerReference)).toBe(false)
})

test('parseServerReference() finds address, name and interface', () => {
  expect(parseServerReference('http://host:8000/v1#org/name:7b')).toEqual({ url: 'http://host:8000/v1', name: 'org/name:7b', api: 'auto' })
  expect(parseServerReference('https://host')).toEqual({ url: 'https://host/v1', name: null, api: 'auto' })
  expect(parseServerReference('http://host/api/v1/?api=completions#a%20b')).toEqual({
    url: 'http://host/api/v1',
    name: 'a b',
    api: 'completions',
  })
  expect(parseServerReference('http://host#100%').name).toBe('100%')
})

test('parseServerReference() refuses a password without repeating it', () => {
  expect(() => parseServerReference('http://me:hunter2@host/v1')).toThrowErrorMatchingInlineSnapshot(`
    [ServerReferenceError: SERVER_REFERENCE_INVALID  The model server's address cannot be used: it has a password in it, and addresses are written into records
      where  "http://…@host"
      fix    write it like http://host:8000/v1#model-name, with ?api=completions before the # for text completions; a key goes into HOLDFAST_API_KEY or OPENAI_API_KEY]
  `)
  try {
    parseServerReference('http://me:hunter2@host/v1')
  } catch (error) {
    expect(String(error)).not.toContain('hunter2')
  }
})

test('parseServerReference() refuses what it does not know', () => {
  expect(() => parseServerReference('http://host?api=other')).toThrow('api is "other"')
  expect(() => parseServerReference('http://host?apikey=x')).toThrow('it has the parameter "apikey"')
  expect(() => parseServerReference('http://')).toThrow('it is no http or https address')
})

test('apiKey() takes Holdfast’s own variable over OpenAI’s, and none where both are empty', () => {
  vi.stubEnv('OPENAI_API_KEY', '')
  vi.stubEnv('HOLDFAST_API_KEY', '')
  expect(apiKey('https://host/v1')).toBe(null)
  vi.stubEnv('OPENAI_API_KEY', 'open')
  expect(apiKey('https://host/v1')).toBe('open')
  vi.stubEnv('HOLDFAST_API_KEY', 'own')
  expect(apiKey('https://host/v1')).toBe('own')
})

test('apiKey() sends OpenAI’s key over no wire that others can read', () => {
  vi.stubEnv('HOLDFAST_API_KEY', '')
  vi.stubEnv('OPENAI_API_KEY', 'open')
  const addresses = [
    'http://host:8000/v1',
    'http://127.0.0.1.example.org/v1',
    'http://127.0.0.1:8000/v1',
    'http://localhost/v1',
    'http://[::1]:8000/v1',
  ]
  expect(addresses.map(apiKey)).toEqual([null, null, 'open', 'open', 'open'])
  vi.stubEnv('HOLDFAST_API_KEY', 'own')
  expect(apiKey('http://host:8000/v1')).toBe('own')
})
