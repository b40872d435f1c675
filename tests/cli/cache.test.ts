import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { cacheMessage, clearCache } from '../../src/cli/commands/cache.ts'
import { openCompletionStore } from '../../src/model/cache/completion-store.ts'

const root = mkdtempSync(join(tmpdir(), 'holdfast-cache-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

test('cacheMessage() says how many models and bytes there are, clearCache() takes them away', () => {
  const directory = join(root, 'completions')
  expect(cacheMessage(directory)).toMatch(/completions of 0 models, 0\.0 MB$/)
  const store = openCompletionStore('0123456789abcdef', directory)
  const text = 'x'.repeat(200_000)
  store.put([['0'.repeat(32), { text, tokenIds: [], logProbs: null, finishReason: 'stop' }]])
  store.close()
  expect(cacheMessage(directory)).toMatch(/completions of 1 model, 0\.2 MB$/)
  expect(clearCache(directory)).toMatch(/^Removed .*completions of 1 model, 0\.2 MB$/)
  expect(existsSync(directory)).toBe(false)
})
