import { expect, test } from 'vitest'
import { reportDocumentSchema } from '../../src/report/document.ts'
import { documentOf, temporaryRun } from './temporary-run.ts'

test('buildDocument() is true to its schema', async () => {
  const document = await documentOf(temporaryRun({ gateCases: 40 }))
  expect(reportDocumentSchema.parse(JSON.parse(JSON.stringify(document)))).toEqual(document)
})

test('buildDocument() says that a run without run.json was interrupted and shows what it had reached', async () => {
  const document = await documentOf(temporaryRun({ interrupted: true }))
  expect(document).toMatchObject({ state: 'interrupted', exitCode: null, summary: null })
  expect(document.headline).toMatch(/^Interrupted\. No candidate arm/)
  const last = document.rounds.filter((round) => round.round === '03-contact')
  expect(last.map((round) => round.outcome)).toEqual(['UNFINISHED', 'UNFINISHED', 'UNFINISHED', 'UNFINISHED'])
  expect(last[0]?.decidingFact).toBe('the run ended during this round')
})

test('buildDocument() compares two foreign models in mode gate', async () => {
  const document = await documentOf(temporaryRun({ mode: 'gate', gateCases: 200 }))
  expect(document.headline).toBe('BLOCKED: app-2026-11 against app-2026-10.')
  expect(document.matrices[0]?.rows.map((row) => row.label)).toEqual(['app-2026-10', 'gate'])
  expect(document.forgetting).toEqual([])
})
