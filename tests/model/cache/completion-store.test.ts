import { appendFileSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { sha256 } from '../../../src/base/hash.ts'
import type { Completion } from '../../../src/eval/completion.ts'
import { formatEntry, readEntry } from '../../../src/model/cache/cache-entry.ts'
import { openCompletionStore } from '../../../src/model/cache/completion-store.ts'

const root = mkdtempSync(join(tmpdir(), 'holdfast-store-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

const key = (name: string): string => sha256(name).slice(0, 32)
const saying = (text: string): Completion => ({ text, tokenIds: [1, 2], logProbs: [-0.25, -1], finishReason: 'stop' })

test('openCompletionStore() gives back what another opening of it kept, and nothing else', () => {
  const store = openCompletionStore('basic', root)
  const called: Completion = {
    ...{ text: 'é\u2028\n"', tokenIds: [], logProbs: null, finishReason: 'tool-calls' },
    toolCalls: [{ id: null, name: 'f', arguments: '{' }],
    usage: { promptTokens: 3, completionTokens: 4 },
  }
  store.put([
    [key('a'), saying('a')],
    [key('b'), called],
  ])
  expect(store.get(key('a'))).toEqual(saying('a'))
  store.close()
  const again = openCompletionStore('basic', root)
  expect([again.get(key('a')), again.get(key('b')), again.get(key('c'))]).toEqual([saying('a'), called, null])
  expect(openCompletionStore('other', root).get(key('a'))).toBe(null)
})

test('openCompletionStore() has several writers at once, each with a file of its own', () => {
  const [first, second] = [openCompletionStore('shared', root), openCompletionStore('shared', root)]
  first.put([[key('1'), saying('1')]])
  second.put([[key('2'), saying('2')]])
  first.put([[key('3'), saying('3')]])
  first.close()
  second.close()
  expect(readdirSync(join(root, 'shared')).length).toBe(2)
  const all = openCompletionStore('shared', root)
  expect(['1', '2', '3'].map((name) => all.get(key(name))?.text)).toEqual(['1', '2', '3'])
})

test('openCompletionStore() takes damaged and half-written lines for none, and replaces them', () => {
  const store = openCompletionStore('damaged', root)
  store.put(['a', 'b', 'c'].map((name) => [key(name), saying(`text ${name}`)]))
  store.close()
  const path = join(root, 'damaged', readdirSync(join(root, 'damaged'))[0] as string)
  const lines = readFileSync(path, 'utf8').split('\n')
  writeFileSync(
    path,
    ['no line of ours', (lines[0] as string).replace('text a', 'text X'), '', lines[1], (lines[2] as string).slice(0, 60)].join('\n'),
  )
  const again = openCompletionStore('damaged', root)
  expect(['a', 'b', 'c'].map((name) => again.get(key(name))?.text)).toEqual([undefined, 'text b', undefined])
  again.put([[key('a'), saying('text a')]])
  again.close()
  expect(openCompletionStore('damaged', root).get(key('a'))?.text).toBe('text a')
})

test('openCompletionStore() goes on in memory where nothing can be written', () => {
  const file = join(root, 'a-file')
  appendFileSync(file, '')
  const store = openCompletionStore('below', file)
  store.put([[key('a'), saying('a')]])
  expect(store.get(key('a'))).toEqual(saying('a'))
})

test('openCompletionStore() retracts what was not confirmed, in memory and on disk, and goes on', () => {
  const store = openCompletionStore('retracted', root)
  for (const name of ['a', 'b', 'c']) store.put([[key(name), saying(name)]])
  store.confirm(2)
  store.retract()
  store.put([[key('d'), saying('d')]])
  expect([store.unconfirmed, store.get(key('c'))]).toEqual([1, null])
  store.close()
  const again = openCompletionStore('retracted', root)
  expect(['a', 'b', 'c', 'd'].map((name) => again.get(key(name))?.text)).toEqual(['a', 'b', undefined, 'd'])
})

test('readEntry() gives what formatEntry() was given, and nothing under another key', () => {
  const completion = fc.record({
    text: fc.string({ unit: 'grapheme' }),
    tokenIds: fc.array(fc.nat()),
    logProbs: fc.option(fc.array(fc.double({ noNaN: true, noDefaultInfinity: true, max: -1e-300 }))),
    finishReason: fc.constantFrom<Completion['finishReason']>('stop', 'length', 'tool-calls'),
  })
  fc.assert(
    fc.property(completion, fc.string(), (one, name) => {
      const line = formatEntry(key(name), one).slice(0, -1)
      expect(line).not.toContain('\n')
      expect(readEntry(line, key(name))).toEqual(one)
      expect(readEntry(line, key(`${name}!`))).toBe(null)
    }),
  )
})
