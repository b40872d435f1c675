import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { caseResults } from '../../../src/vitest/evals/case-results.ts'
import { lostCases, readLastPassed, remember } from '../../../src/vitest/evals/last-passed.ts'
import { recordOf, resultsOf } from '../make-outcome.ts'
import type { MadeCase } from '../make-outcome.ts'

const directory = mkdtempSync(join(tmpdir(), 'holdfast-last-passed-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))

const found = (gradesFile: string, good: boolean, ...cases: readonly MadeCase[]): Parameters<typeof remember>[2] => ({
  model: 'm',
  gradesFile,
  good,
  cases: resultsOf(...cases),
})

it('caseResults() passes a case when at least half of its graded repeats pass, and shows the first that did not', () => {
  const results = caseResults(
    [
      { id: 'half', pass: true, gave: 'right' },
      { id: 'half', pass: false, gave: 'wrong', repeat: 1 },
      { id: 'most', pass: false, gave: 'first' },
      { id: 'most', pass: null, repeat: 1 },
      { id: 'most', pass: false, gave: 'third', repeat: 2 },
      { id: 'none', pass: null },
    ].map(recordOf),
  )
  expect(results.map(({ caseId, state, record }) => [caseId, state, record.completion])).toEqual([
    ['half', 'passed', 'wrong'],
    ['most', 'failed', 'first'],
    ['none', 'ungraded', 'something'],
  ])
})

it('lostCases() are those that passed before and fail now, not those that changed, could not be graded or are new', () => {
  const place = { directory, project: 'evals', evalName: 'lost' }
  const all = ['lost', 'kept', 'changed', 'broken'].map((id) => ({ id, pass: true }))
  remember(place, null, found('then', true, ...all, { id: 'never', pass: false }))
  const now = resultsOf(
    { id: 'lost', pass: false },
    { id: 'kept', pass: true },
    { id: 'changed', pass: false, asked: 'asked differently' },
    { id: 'broken', pass: null },
    { id: 'never', pass: false },
    { id: 'new', pass: false },
  )
  expect(lostCases(readLastPassed(place), now).map(({ caseId }) => caseId)).toEqual(['lost'])
  expect(lostCases(null, now)).toEqual([])
})

it('remember() keeps the standard of the last good run, and takes a bad one only where there is none', () => {
  const place = { directory, project: 'evals', evalName: 'standard' }
  remember(place, null, found('first', false, { id: 'a', pass: true }, { id: 'b', pass: false }))
  expect(readLastPassed(place)).toMatchObject({ gradesFile: 'first', passed: { a: 'asked gold grader sampling' } })
  remember(place, readLastPassed(place), found('second', false, { id: 'a', pass: false }))
  expect(readLastPassed(place)).toMatchObject({ gradesFile: 'first', passed: { a: 'asked gold grader sampling' } })
  remember(place, readLastPassed(place), found('third', true, { id: 'a', pass: true }, { id: 'b', pass: true }))
  expect(readLastPassed(place)).toMatchObject({
    gradesFile: 'third',
    passed: { a: 'asked gold grader sampling', b: 'asked gold grader sampling' },
  })
})

it('remember() keeps the ten newest grade files of an eval and the one that is the standard', () => {
  const place = { directory, project: 'evals', evalName: 'files' }
  const files = Array.from({ length: 13 }, (_, index) => join(directory, `grades-${index}`))
  for (const [index, file] of files.entries()) {
    writeFileSync(file, '')
    remember(place, readLastPassed(place), found(file, index === 0, { id: 'a', pass: true }))
  }
  expect(files.map((file) => existsSync(file))).toEqual([true, false, false, ...Array.from({ length: 10 }, () => true)])
})

it('readLastPassed() knows nothing of another project and of a file that cannot be read', () => {
  const place = { directory, project: 'a/b', evalName: 'broken' }
  remember(place, null, found('then', true, { id: 'a', pass: true }))
  expect(readLastPassed(place)).not.toBeNull()
  expect(readLastPassed({ ...place, project: 'another' })).toBeNull()
  writeFileSync(join(directory, 'last-passed', 'a%2Fb', 'broken.json'), '{"schemaVersion": 7}')
  expect(readLastPassed(place)).toBeNull()
})
