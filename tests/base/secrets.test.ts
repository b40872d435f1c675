import { afterEach, describe, expect, test, vi } from 'vitest'
import fc from 'fast-check'
import { HoldfastError } from '../../src/base/errors.ts'
import { redactJson, redactSecrets, registerSecret } from '../../src/base/secrets.ts'
import { quoteUntrusted } from '../../src/base/untrusted-text.ts'

afterEach(() => vi.unstubAllEnvs())

const KEY = 'sk-Ab"c/d+é\\42-xyz'

describe('redactSecrets()', () => {
  test.each<[string, string]>([
    ['as it is', KEY],
    ['in JSON', JSON.stringify(KEY).slice(1, -1)],
    ['in JSON in JSON', JSON.stringify(JSON.stringify(KEY)).slice(3, -3)],
    ['in an address', encodeURIComponent(KEY)],
    ['in an address in small letters', encodeURIComponent(KEY).toLowerCase().replace('sk-ab', 'sk-Ab')],
    ['in hexadecimal digits', Buffer.from(KEY).toString('hex')],
  ])('takes a key out that is written %s', (_, written) => {
    vi.stubEnv('HOLDFAST_API_KEY', KEY)
    expect(redactSecrets(`a ${written} b`)).toBe('a [redacted] b')
  })

  test('takes a key out of base64 wherever it begins', () => {
    vi.stubEnv('HOLDFAST_API_KEY', KEY)
    fc.assert(
      fc.property(fc.string({ maxLength: 9 }), fc.string({ maxLength: 9 }), (before, after) => {
        const hidden = Buffer.from(`${before}${KEY}${after}`).toString('base64')
        const left = Buffer.from(redactSecrets(hidden).replace('[redacted]', '.'), 'base64').toString()
        expect(redactSecrets(hidden)).toContain('[redacted]')
        expect(left).not.toContain(KEY)
      }),
    )
  })

  test('knows the keys that the environment names now, passwords in addresses, and what was registered', () => {
    expect(redactSecrets('first-key-1 hf_second2')).toBe('first-key-1 hf_second2')
    vi.stubEnv('OPENAI_API_KEY', 'first-key-1')
    vi.stubEnv('HF_TOKEN', 'hf_second2')
    vi.stubEnv('HF_ENDPOINT', 'https://someone:p%40ssword3@hub.example')
    registerSecret('registered-4')
    expect(redactSecrets('first-key-1 hf_second2 p@ssword3 p%40ssword3 registered-4')).toBe(
      '[redacted] [redacted] [redacted] [redacted] [redacted]',
    )
    vi.stubEnv('OPENAI_API_KEY', '')
    expect(redactSecrets('first-key-1')).toBe('first-key-1')
  })

  test.each(['EMPTY', 'none', 'ollama', 'lm-studio', 'sk-no-key-required', ''])(
    'leaves %j alone: it is no secret, and answers may say it',
    (word) => {
      vi.stubEnv('HOLDFAST_API_KEY', word)
      expect(redactSecrets('EMPTY none ollama lm-studio sk-no-key-required')).toBe('EMPTY none ollama lm-studio sk-no-key-required')
    },
  )
})

test('redactJson() cleans texts and keys at every depth', () => {
  vi.stubEnv('HOLDFAST_API_KEY', KEY)
  expect(redactJson({ [`a${KEY}`]: [1, null, { b: `${KEY}!` }] })).toEqual({ 'a[redacted]': [1, null, { b: '[redacted]!' }] })
})

test('quoteUntrusted() takes a key out before it shortens', () => {
  vi.stubEnv('HOLDFAST_API_KEY', 'sk-0123456789')
  expect(quoteUntrusted(`${'x'.repeat(10)}sk-0123456789`, 20)).toBe('"xxxxxxxxxx[redacted]"')
})

test('HoldfastError holds no known key in any part of its message', () => {
  vi.stubEnv('HOLDFAST_API_KEY', 'sk-0123456789')
  const error = new HoldfastError({ code: 'X', summary: 'is sk-0123456789', where: 'at sk-0123456789', fix: 'use sk-0123456789', data: {} })
  expect(error.message).toBe('X  is [redacted]\n  where  at [redacted]\n  fix    use [redacted]')
  expect([error.summary, error.where, error.fix]).toEqual(['is [redacted]', 'at [redacted]', 'use [redacted]'])
})
