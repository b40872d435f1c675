import { expect, it } from 'vitest'
import { LineReader } from '../../src/host/line-reader.ts'

it.each([1, 2, 5, 100])('LineReader gives whole lines of text, in chunks of %i bytes', (chunkBytes) => {
  const lines: string[] = []
  const reader = new LineReader((line) => lines.push(line))
  const bytes = Buffer.from('ü one\r\n\n漢字 two\nlast 🙂')
  for (let at = 0; at < bytes.length; at += chunkBytes) reader.push(bytes.subarray(at, at + chunkBytes))
  expect(lines).toEqual(['ü one', '', '漢字 two'])
  reader.end()
  reader.end()
  expect(lines.slice(3)).toEqual(['last 🙂'])
})
