import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import * as CARDS from '../../src/grader/built-in.ts'
import type { GraderCard } from '../../src/grader/grader-card.ts'
import { graderTable } from '../../src/grader/grader-table.ts'
import { graders } from '../../src/grader/graders.ts'
import { inputOf } from './grade-with.ts'

const ALL: readonly (readonly [string, GraderCard<unknown>])[] = Object.entries(CARDS)
const EXAMPLES = ALL.flatMap(([name, { example }]) => (example === null ? [] : [{ name, example }]))

test('graders has the factory of each card', () => {
  expect(Object.entries(graders)).toEqual(ALL.map(([name, { make }]) => [name, make]))
  expect(graders.number({ name: 'n' }).kind).toBe('number')
})

test('graders without an example are those that need a model or a sandbox', () => {
  expect(ALL.flatMap(([name, { example }]) => (example === null ? [name] : []))).toEqual([
    'embeddingSimilarity',
    'javascript',
    'judge',
    'python',
    'runsTests',
  ])
})

test.each(EXAMPLES)('$name() passes the right answer of its card and fails the wrong one, in both profiles', async ({ example }) => {
  const grader = example.make()
  await grader.ready?.()
  expect(grader.expectedProblem?.(example.expected) ?? null).toBe(null)
  for (const profile of ['eval', 'reward'] as const) {
    expect((await grader.grade(inputOf(example.right, example.expected, profile))).reward, profile).toBe(1)
    expect((await grader.grade(inputOf(example.wrong, example.expected, profile))).reward, profile).toBe(0)
  }
})

test('graderTable() is the table of docs/graders.md; npx tsx scripts/make-grader-docs.ts writes it', () => {
  const page = readFileSync(new URL('../../docs/graders.md', import.meta.url), 'utf8')
  // The formatter aligns the columns.
  const plain = (text: string): readonly string[] =>
    text
      .split('\n')
      .filter((line) => line.startsWith('|'))
      .map((line) => line.replace(/ +\|/g, ' |').replace(/-{3,}/g, '---'))
  const table = /^\| `graders\.`.*?\n(?=\n)/ms.exec(page)?.[0] ?? ''
  expect(plain(table)).toEqual(plain(graderTable()))
  expect(plain(table)).toHaveLength(ALL.length + 2)
})
