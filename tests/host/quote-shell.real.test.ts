import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { quoteCommand, quoteExports, quoteShell } from '../../src/host/quote-shell.ts'

/** Words of everything that a shell gives a meaning, and of what it does not. */
const word = fc.oneof(
  fc.string({ unit: fc.constantFrom(...Array.from(` \t\n'"$\`\\!*?[]{}()<>|&;#~=%-aZ0üß漢🙂`)), maxLength: 12 }),
  fc.string({ unit: 'grapheme', maxLength: 8 }).filter((text) => !text.includes('\0')),
)

it('quoteShell() gives words that sh takes literally', () => {
  const words = fc.sample(word, 400)
  const output = execFileSync('sh', ['-c', `printf '%s\\0' ${words.map(quoteShell).join(' ')}`], { encoding: 'utf8' })
  expect(output.split('\0').slice(0, -1)).toEqual(words)
})

it.each([
  ['', `''`],
  ['plain', `'plain'`],
  [`it's`, String.raw`'it'\''s'`],
  [`'`, String.raw`''\'''`],
  ['$x', `'$x'`],
])('quoteShell() of %j is %s', (text, quoted) => {
  expect(quoteShell(text)).toBe(quoted)
})

it('quoteCommand() never makes a keyword, an alias or an assignment of the program', () => {
  expect(quoteCommand(['if', 'A=b'])).toBe(`'if' 'A=b'`)
  expect(() => execFileSync('sh', ['-c', quoteCommand(['A=b'])], { stdio: 'pipe' })).toThrow('A=b: ')
})

it('quoteExports() puts values into the environment as they are', () => {
  const values = fc.sample(word, 50)
  const env = Object.fromEntries(values.map((value, index) => [`HOLDFAST_V${index}`, value]))
  const print = `'${process.execPath}' -e 'process.stdout.write(JSON.stringify(process.env))'`
  const seen = JSON.parse(execFileSync('sh', ['-c', quoteExports(env) + print], { encoding: 'utf8' })) as Record<string, string>
  expect(Object.keys(env).map((name) => seen[name])).toEqual(values)
})

it('quoteShell() and quoteExports() refuse what no shell can hold', () => {
  expect(() => quoteShell('a\0b')).toThrow('INTERNAL')
  expect(() => quoteExports({ 'A;rm': 'x' })).toThrow('INTERNAL')
})
