import { existsSync, readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { reportDocumentSchema } from '../../src/report/document.ts'
import { SECTIONS } from '../../src/report/section-list.ts'
import { documentOf, temporaryRun } from './temporary-run.ts'

const FOLDER = new URL('../../src/report/sections/', import.meta.url)

test('SECTIONS names every folder once, and each has a template of its name', () => {
  const names = SECTIONS.map(({ name }) => name)
  expect(names.toSorted()).toEqual(readdirSync(FOLDER).toSorted())
  for (const name of names) expect(existsSync(new URL(`${name}/${name}.hbs`, FOLDER)), name).toBe(true)
})

test('SECTIONS name each member of report.json once, and those of recorded reports in the order of old', async () => {
  const ofSections = SECTIONS.flatMap(({ data }) => Object.keys(data?.shape ?? {}))
  expect(ofSections.filter((name, at) => ofSections.indexOf(name) !== at)).toEqual([])
  const members = Object.keys(reportDocumentSchema.shape)
  const recorded = [
    ...['schemaVersion', 'run', 'mode', 'state', 'exitCode', 'headline', 'summary', 'suite', 'base', 'compared'],
    ...['arms', 'rounds', 'matrices', 'forgetting', 'evals', 'method', 'warnings', 'differences', 'costs'],
  ]
  expect(members.filter((name) => recorded.includes(name) || !ofSections.includes(name))).toEqual(recorded)
  const document = await documentOf(temporaryRun({ features: 1, arms: ['sft'] }))
  expect(Object.keys(document)).toEqual(members.filter((name) => name !== 'differences'))
})

test('reportDocumentSchema refuses a member that no section has', async () => {
  const document = await documentOf(temporaryRun({ features: 1, arms: ['sft'] }))
  expect(reportDocumentSchema.safeParse(document).success).toBe(true)
  expect(reportDocumentSchema.safeParse({ ...document, slowest: [] }).success).toBe(false)
  expect(reportDocumentSchema.safeParse({ ...document, costs: [{ seconds: '4' }] }).success).toBe(false)
})
